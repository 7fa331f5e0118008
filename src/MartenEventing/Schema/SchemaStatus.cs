namespace MartenEventing.Schema;

/// <summary>The state of an event store's schema.</summary>
public sealed record SchemaStatus
{
    /// <summary>The schema looked into.</summary>
    public required string SchemaName { get; init; }

    /// <summary>The kind of store it holds; null when there is none.</summary>
    public required StoreShape? Shape { get; init; }

    /// <summary>Whose tables of Marten's they are; null when there is no store.</summary>
    public required MartenTables? MartenTables { get; init; }

    /// <summary>The files of the schema with their states, in the order of application.</summary>
    public required IReadOnlyList<MigrationStatus> Migrations { get; init; }

    /// <summary>How many partitions <c>mt_events</c> has; 0 in the plain layout.</summary>
    public required int PartitionCount { get; init; }

    /// <summary>
    /// What one statement over all partitions takes of the server's locks; null in the plain layout, or where functions
    /// are not up to date.
    /// </summary>
    public LockSpace? LockSpace { get; init; }

    /// <summary>
    /// The triggers of the guard that a partitioned store should have and has not, or has disabled: without them two
    /// writers can store one version of a stream twice.
    /// </summary>
    public required IReadOnlyList<string> MissingGuardTriggers { get; init; }

    /// <summary>True when every file is applied as it is and the guard is complete.</summary>
    public bool IsUpToDate => MissingGuardTriggers.Count == 0
        && Migrations.All(migration => migration.State is MigrationState.Applied or MigrationState.Unknown);
}
