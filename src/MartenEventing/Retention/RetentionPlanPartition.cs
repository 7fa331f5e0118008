namespace MartenEventing.Retention;

/// <summary>What would become of a partition.</summary>
/// <param name="Name">Its name.</param>
/// <param name="From">The first instant it holds.</param>
/// <param name="To">The first instant it no longer holds.</param>
/// <param name="Bytes">Table and indexes.</param>
/// <param name="Events">Events in it.</param>
/// <param name="Removed">Events that would go with it; null where nobody has counted.</param>
/// <param name="Carried">Events of living streams, which would move into the head; null likewise.</param>
/// <param name="Streams">Streams that would end with it; null likewise.</param>
public sealed record RetentionPlanPartition(
    string Name, DateTimeOffset? From, DateTimeOffset? To, long Bytes, long? Events, long? Removed, long? Carried,
    long? Streams)
{
    /// <summary>Whose it is; null unless each tenant has partitions of its own.</summary>
    public string? Tenant { get; init; }
}
