using MartenEventing.Schema;

namespace MartenEventing.Partitioning;

/// <summary>
/// A partition of <c>mt_events</c>, as the catalogs have it: the events of the half-open interval [From, To).
/// </summary>
public sealed record Partition
{
    /// <summary>The table's object id: stays the same when it is renamed.</summary>
    public required uint Oid { get; init; }

    /// <summary>The table's name, without schema.</summary>
    public required string Name { get; init; }

    /// <summary>Whose events it holds; null unless the store is partitioned by tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>What it is.</summary>
    public required PartitionKind Kind { get; init; }

    /// <summary>
    /// The length of its period; null unless <see cref="Kind"/> is <see cref="PartitionKind.Period"/>.
    /// </summary>
    public PartitionPeriod? Period { get; init; }

    /// <summary>The first instant it holds, in UTC; null when it is open towards the past.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The first instant it no longer holds, in UTC; null when it is open towards the future.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>A <c>DETACH ... CONCURRENTLY</c> of it was interrupted and waits to be finalized.</summary>
    public bool DetachPending { get; init; }

    /// <summary>How far its sealing has come.</summary>
    public PartitionSeal Seal { get; init; }

    /// <summary>Whether reads by sequence may leave it out.</summary>
    public bool IsSealed => Seal == PartitionSeal.Sealed;

    /// <summary>The lowest sequence of the range sealed or claimed, else null.</summary>
    public long? FirstSequence { get; init; }

    /// <summary>The highest sequence of the range sealed or claimed, else null.</summary>
    public long? LastSequence { get; init; }

    /// <summary>Changes whenever the name, the bounds or the constraints of the table do.</summary>
    public required string Generation { get; init; }
}
