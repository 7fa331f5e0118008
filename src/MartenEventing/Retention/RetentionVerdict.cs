namespace MartenEventing.Retention;

/// <summary>What the policies say: a pure function of options, partitions and now.</summary>
public sealed record RetentionVerdict
{
    /// <summary>
    /// The instant before which the newest event of a stream must lie for it to go; null: nothing goes.
    /// </summary>
    public DateTimeOffset? Floor { get; init; }

    /// <summary>What each policy asks for.</summary>
    public required IReadOnlyList<RetentionContribution> Contributions { get; init; }

    /// <summary>The partitions that go, oldest first.</summary>
    public required IReadOnlyList<string> Partitions { get; init; }

    /// <summary>What keeps more from going.</summary>
    public required IReadOnlyList<RetentionGate> Gates { get; init; }

    /// <summary>
    /// The same for streams in partitions that stay, where no rule says otherwise: those in the head.
    /// </summary>
    internal DateTimeOffset? SweepFloor { get; init; }

    /// <summary>Where what has gone ends; where nothing goes, <see cref="SweepFloor"/>.</summary>
    internal DateTimeOffset? Edge { get; init; }

    /// <summary>The rules with the instants that follow from their ages.</summary>
    internal IReadOnlyList<(RetentionRule Rule, DateTimeOffset? Floor)> Rules { get; init; } = [];
}
