namespace MartenEventing.Retention;

/// <summary>A partition that has gone.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Removed">Events removed with it, those of its streams that lay in the head included.</param>
/// <param name="Streams">Streams that ended with it.</param>
/// <param name="Carried">Events of living streams that were carried into the head.</param>
/// <param name="Held">How long the swap kept others waiting, at most.</param>
/// <param name="Archive">The partition archive of what was removed; null when none was asked for.</param>
public sealed record ExpiredPartition(
    string Name, long Removed, long Streams, long Carried, TimeSpan Held, string? Archive = null)
{
    /// <summary>Whose it was; null unless each tenant has partitions of its own.</summary>
    public string? Tenant { get; init; }
}
