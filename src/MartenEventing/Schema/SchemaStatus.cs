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

    /// <summary>
    /// Partitions in which triggers of the store are disabled, or not in their mode: as DISABLE TRIGGER ALL and ENABLE
    /// TRIGGER ALL leave them. Rows may have come in there past the guard.
    /// </summary>
    public required IReadOnlyList<string> UnguardedPartitions { get; init; }

    /// <summary>
    /// How many events came in past the guard, from a subscription or under session_replication_role = replica, since
    /// <c>db check --repair</c> last found the store in order; 0 for who may not read the count.
    /// </summary>
    public required long EventsPastGuard { get; init; }

    /// <summary>The subscriptions that write into the store, past the guard.</summary>
    public required IReadOnlyList<string> Subscriptions { get; init; }

    /// <summary>True when every file is applied as it is and the guard is complete.</summary>
    public bool IsUpToDate => MissingGuardTriggers.Count == 0 && UnguardedPartitions.Count == 0
        && Migrations.All(migration => migration.State is MigrationState.Applied or MigrationState.Unknown);
}
