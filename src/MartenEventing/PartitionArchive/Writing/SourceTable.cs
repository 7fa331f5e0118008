using MartenEventing.Schema;

namespace MartenEventing.PartitionArchive.Writing;

/// <summary>A table that goes into an archive, and how its rows are found.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Role">What it is.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Expressions">For each column the SQL of its text.</param>
/// <param name="From">What follows after the columns: FROM, WHERE, GROUP BY, ORDER BY.</param>
internal sealed record SourceTable(
    string Name,
    ArchiveRole Role,
    IReadOnlyList<ArchiveColumn> Columns,
    IReadOnlyList<string> Expressions,
    string From)
{
    public string Sql =>
        $"SELECT {string.Join(", ", Expressions)} {From}";

    public int OrdinalOf(string column) => Columns.ToList().FindIndex(c => c.Name == column);

    public static SourceTable Of(
        string name, ArchiveRole role, IReadOnlyList<ArchiveColumn> columns, string alias, string from) =>
        new(name, role, columns, [.. columns.Select(c => $"{alias}.{SqlText.Quote(c.Name)}::text")], from);
}
