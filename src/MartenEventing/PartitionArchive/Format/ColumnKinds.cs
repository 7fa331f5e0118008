namespace MartenEventing.PartitionArchive.Format;

/// <summary>Tells by its type how a column is written.</summary>
internal static class ColumnKinds
{
    public static ColumnKind Of(ArchiveColumn column) => column.Type switch
    {
        "jsonb" or "smallint" or "integer" or "bigint" => ColumnKind.Raw,
        "boolean" => ColumnKind.Boolean,
        _ => ColumnKind.Text,
    };
}
