namespace MartenEventing.Retention;

/// <summary>What a run of retention did.</summary>
public sealed record RetentionReport
{
    /// <summary>The schema of the store.</summary>
    public required string SchemaName { get; init; }

    /// <summary>The instant taken for now.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Another process maintains the store: nothing was done.</summary>
    public bool Skipped { get; init; }

    /// <summary>The partitions that have gone, oldest first.</summary>
    public IReadOnlyList<ExpiredPartition> Expired { get; init; } = [];

    /// <summary>Events removed from partitions that stay, of streams removed whole.</summary>
    public long RemovedElsewhere { get; init; }

    /// <summary>Streams removed from partitions that stay.</summary>
    public long StreamsElsewhere { get; init; }

    /// <summary>What kept more from going.</summary>
    public IReadOnlyList<RetentionGate> Gates { get; init; } = [];

    /// <summary>Something is left to the next run.</summary>
    public bool IsIncomplete =>
        Gates.Any(gate => gate.Kind is not (RetentionGateKind.MinimumAge or RetentionGateKind.NotSealed));
}
