namespace MartenEventing.Schema;

/// <summary>
/// Marten's own tables of a store, as the catalogs have them, against those of the Marten that this library knows best.
/// Both older and newer ones work; what is missing Marten's own <c>db-apply</c> adds.
/// </summary>
public sealed record MartenTables
{
    /// <summary>The Marten whose tables <c>db apply</c> makes.</summary>
    public const string Version = "9.59";

    /// <summary>
    /// What Marten of that version always has and this store has not, as <c>table</c> or <c>table.column</c>: the store
    /// is of an older Marten.
    /// </summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>
    /// Columns that no Marten up to that version makes, as <c>table.column</c>: of a newer Marten, or somebody's own.
    /// </summary>
    public required IReadOnlyList<string> Unknown { get; init; }

    /// <summary>A sentence without its full stop.</summary>
    public override string ToString() => (Missing.Count, Unknown.Count) switch
    {
        (0, 0) => $"as Marten {Version} makes them",
        (_, 0) => $"older than Marten {Version}: without {List(Missing)}",
        (0, _) => $"as Marten {Version} makes them and more, of a newer Marten or your own: {List(Unknown)}",
        _ => $"not those of Marten {Version}: without {List(Missing)}; with {List(Unknown)}",
    };

    /// <summary>Many columns of one table are counted.</summary>
    private static string List(IEnumerable<string> names) => string.Join(", ", names
        .GroupBy(name => name.Split('.')[0])
        .SelectMany(table => table.Count() > 3 ? [$"{table.Count()} columns of {table.Key}"] : table.AsEnumerable()));
}
