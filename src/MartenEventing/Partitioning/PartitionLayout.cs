using MartenEventing.Schema;

namespace MartenEventing.Partitioning;

/// <summary>What a plan is made from: the partitions, and what else the catalogs tell of <c>mt_events</c>.</summary>
public sealed record PartitionLayout
{
    /// <summary>The schema of the store.</summary>
    public required string SchemaName { get; init; }

    /// <summary>Whose partitions these are; null unless the store is partitioned by tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>The table that is cut by time, without schema: <c>mt_events</c>, or the part of the tenant.</summary>
    public string Table { get; init; } = "mt_events";

    /// <summary>The partitions, in the order of time.</summary>
    public required IReadOnlyList<Partition> Partitions { get; init; }

    /// <summary>When the table as a whole was last analyzed; null if never.</summary>
    public DateTimeOffset? LastAnalyzed { get; init; }

    /// <summary>
    /// What one statement over all partitions takes of the server's locks; null where that is not known.
    /// </summary>
    public LockSpace? LockSpace { get; init; }

    /// <summary>The server's major version.</summary>
    public int ServerVersion { get; init; } = 15;

    /// <summary>The period of the newest closed partition; a month where there is none.</summary>
    public PartitionPeriod Period =>
        Partitions.LastOrDefault(p => p.Period is not null)?.Period ?? PartitionPeriod.Month;
}
