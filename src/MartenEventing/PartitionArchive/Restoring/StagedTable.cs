using MartenEventing.PartitionArchive.Writing;

namespace MartenEventing.PartitionArchive.Restoring;

/// <summary>A table of an archive, and the table it is loaded into.</summary>
/// <param name="Source">The archive's table.</param>
/// <param name="Target">The name of the table in the database, without schema.</param>
/// <param name="Wanted">Which columns are loaded, by their numbers in the archive.</param>
internal sealed record StagedTable(ArchiveTable Source, string Target, IReadOnlyList<int> Wanted)
{
    public IEnumerable<string> ColumnNames => Wanted.Select(i => Source.Columns[i].Name);

    /// <summary>Loads what the database does not compute itself.</summary>
    public static StagedTable Of(ArchiveTable source, string target, StoreTables store)
    {
        var computed = store.ColumnsOf(source.Name).Where(column => column.Generated).Select(column => column.Name)
            .ToHashSet();
        return new StagedTable(source, target,
            [.. Enumerable.Range(0, source.Columns.Count).Where(i => !computed.Contains(source.Columns[i].Name))]);
    }
}
