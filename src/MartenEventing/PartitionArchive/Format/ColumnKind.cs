namespace MartenEventing.PartitionArchive.Format;

/// <summary>How values of a column are written into a line.</summary>
internal enum ColumnKind
{
    /// <summary>A JSON string of the text that PostgreSQL prints.</summary>
    Text,

    /// <summary>As PostgreSQL prints it: jsonb, which is JSON, and whole numbers.</summary>
    Raw,

    /// <summary>true or false.</summary>
    Boolean,
}
