namespace MartenEventing.Marten.Health;

/// <summary>How far the async daemon has come with the partitions that retention may want to drop.</summary>
/// <param name="Database">The database, as Marten names it.</param>
/// <param name="Partition">The partition; null when none is old enough.</param>
/// <param name="To">The first instant that the partition no longer holds, in UTC.</param>
/// <param name="LastSequence">The highest sequence in it; 0 when it is empty.</param>
/// <param name="Lagging">The projections and subscriptions that have not come past it.</param>
public sealed record PartitionProgress(
    string Database, string? Partition, DateTimeOffset? To, long LastSequence, IReadOnlyList<ShardLag> Lagging)
{
    /// <summary>Whether the partition may go as far as the daemon is concerned, or there is none.</summary>
    public bool IsPassed => Lagging.Count == 0;
}
