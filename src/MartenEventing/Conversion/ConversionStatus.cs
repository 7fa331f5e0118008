using MartenEventing.Schema;

namespace MartenEventing.Conversion;

/// <summary>Where the conversion of a store stands.</summary>
public sealed record ConversionStatus
{
    /// <summary>The schema of the store.</summary>
    public required string SchemaName { get; init; }

    /// <summary>How the events lie in the database now.</summary>
    public required StoreLayout Layout { get; init; }

    /// <summary>The state of the latest conversion.</summary>
    public required ConversionState State { get; init; }

    /// <summary>The way of the latest conversion; null when there was none.</summary>
    public ConversionWay? Way { get; init; }

    /// <summary>When the latest conversion was begun; null when there was none.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>
    /// Events copied so far of those that were there before both copies were written; null unless by shadow.
    /// </summary>
    public long? CopiedEventCount { get; init; }

    /// <summary>How many there will be, by the server's estimate; null unless by shadow.</summary>
    public long? ExpectedEventCount { get; init; }

    /// <summary>Partitions; 0 in the plain layout.</summary>
    public required int PartitionCount { get; init; }

    /// <summary>Events in the head, by the server's estimate; null in the plain layout.</summary>
    public long? HeadEventCount { get; init; }

    /// <summary>The upper bound of the head; null in the plain layout.</summary>
    public DateTimeOffset? HeadEndsAt { get; init; }

    /// <summary>
    /// How long the swap held its locks, as the one who did it saw it; null unless this call did the swap.
    /// </summary>
    public TimeSpan? SwapDuration { get; init; }
}
