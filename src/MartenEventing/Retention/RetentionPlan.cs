namespace MartenEventing.Retention;

/// <summary>What retention would do now.</summary>
public sealed record RetentionPlan
{
    /// <summary>The schema of the store.</summary>
    public required string SchemaName { get; init; }

    /// <summary>The instant taken for now.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// The instant before which the newest event of a stream must lie for it to go; null: nothing goes.
    /// </summary>
    public DateTimeOffset? Floor { get; init; }

    /// <summary>What each policy asks for.</summary>
    public required IReadOnlyList<RetentionContribution> Contributions { get; init; }

    /// <summary>The partitions that would go, oldest first.</summary>
    public required IReadOnlyList<RetentionPlanPartition> Partitions { get; init; }

    /// <summary>
    /// Events that would leave the head with them, of streams that were carried there; null: not counted.
    /// </summary>
    public long? RemovedFromHead { get; init; }

    /// <summary>Streams that would leave the head and have no event in these partitions; null: not counted.</summary>
    public long? StreamsFromHead { get; init; }

    /// <summary>What keeps partitions from going. The first that is kept keeps all after it.</summary>
    public required IReadOnlyList<RetentionGate> Gates { get; init; }

    /// <summary>
    /// The projections that begin later than with the first event, and so do not ask for what lies before.
    /// </summary>
    public IReadOnlyList<ProjectionFloor> ProjectionFloors { get; init; } = [];

    /// <summary>A run that was interrupted, and would be gone on with first; null when there is none.</summary>
    public string? Unfinished { get; init; }

    /// <summary>
    /// The statements of a run for each partition, in their order, as they are run by psql: what goes in batches is a
    /// loop, and a comment stands where a partition archive is written.
    /// What follows from the state that a run finds, and streams that go from partitions that stay, are not among them.
    /// </summary>
    public IReadOnlyList<string> Statements { get; init; } = [];

    /// <summary>The plans of several tenants as one: their floors differ, so it tells the latest.</summary>
    internal static RetentionPlan Join(string schemaName, DateTimeOffset at, IReadOnlyList<RetentionPlan> plans) =>
        new()
    {
        SchemaName = schemaName,
        At = at,
        Floor = plans.Max(plan => plan.Floor),
        Contributions = [.. plans.SelectMany(plan => plan.Contributions).Distinct()],
        Partitions = [.. plans.SelectMany(plan => plan.Partitions)],
        RemovedFromHead = plans.Sum(plan => plan.RemovedFromHead),
        StreamsFromHead = plans.Sum(plan => plan.StreamsFromHead),
        Gates = [.. plans.SelectMany(plan => plan.Gates)],
        ProjectionFloors = [.. plans.SelectMany(plan => plan.ProjectionFloors).Distinct()],
        Unfinished = plans.Select(plan => plan.Unfinished).FirstOrDefault(unfinished => unfinished is not null),
        Statements = [.. plans.SelectMany(plan => plan.Statements)],
    };
}
