using MartenEventing.Partitioning;
using MartenEventing.Schema;

namespace MartenEventing.Marten;

/// <summary>How Marten's events are partitioned by time.</summary>
public sealed class TimePartitionedEvents
{
    /// <summary>The length of the partitions. Default one month.</summary>
    public PartitionPeriod Period { get; set; } = PartitionPeriod.Month;

    /// <summary>How many periods after the current one exist beforehand: 0 to 1000. Default 3.</summary>
    public int PeriodsAhead { get; set; } = 3;

    /// <summary>
    /// Whether each tenant has partitions of its own, made at its first stream; needs conjoined tenancy. Default false:
    /// the tenants share them.
    /// </summary>
    public bool ByTenant { get; set; }

    /// <summary>
    /// Whether live and async aggregates (<c>FetchForWriting</c>, <c>FetchLatest</c>, <c>ProjectLatest</c>, in batches
    /// and Wolverine's handlers, too) are read from the partitions of their stream's life, by Marten's own plans and
    /// the function <c>mt_stream_events</c>. Default true; not done where <see cref="WhenPlain"/> is <see
    /// cref="PlainStorePolicy.RunPlain"/>, because a plain database lacks the function.
    /// </summary>
    public bool BoundFetches { get; set; } = true;

    /// <summary>What to do about a database whose events lie in one plain table. Default: refuse to start.</summary>
    public PlainStorePolicy WhenPlain { get; set; } = PlainStorePolicy.Refuse;

    /// <summary>These options, as maintenance takes them; <paramref name="others"/> give the rest.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal PartitionOptions ToPartitionOptions(PartitionOptions? others = null) =>
        ((others ?? new PartitionOptions()) with { Period = Period, PeriodsAhead = PeriodsAhead }).Validated();
}
