namespace MartenEventing.Retention;

/// <summary>
/// What stands for the events before it, so that they may go, with the partitions that go, although their stream lives
/// on.
/// </summary>
public sealed record RetentionCoverage
{
    /// <summary>
    /// A <c>Compacted&lt;T&gt;</c> event of Marten covers the events of its stream before it. Default true.
    /// </summary>
    public bool Compacted { get; init; } = true;

    /// <summary>
    /// Tables of snapshots: each row covers the events of its stream up to its version. Default: none.
    /// </summary>
    public IReadOnlyList<SnapshotTable> Snapshots { get; init; } = [];

    internal bool IsValid =>
        (Compacted || Snapshots.Count > 0)
        && Snapshots.All(s => s is { Table.Length: > 0, StreamColumn.Length: > 0, VersionColumn.Length: > 0 });
}
