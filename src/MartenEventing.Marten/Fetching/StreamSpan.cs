using MartenEventing.Partitioning;
using MartenEventing.Schema;

namespace MartenEventing.Marten.Fetching;

/// <summary>Whole periods, in which a stream's events are looked for.</summary>
/// <param name="From">The first instant.</param>
/// <param name="To">The first one after it.</param>
internal readonly record struct StreamSpan(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>More than clocks differ by, see mt_stream_bounds.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(10);

    private static readonly DateTimeOffset Earliest = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2500, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>All time.</summary>
    public static readonly StreamSpan Whole = new(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    /// <summary>The periods from one instant to another, and the skew of clocks around them.</summary>
    public static StreamSpan Around(DateTimeOffset first, DateTimeOffset last, PartitionPeriod period) =>
        first < Earliest || last > Latest
            ? Whole
            : Of(first - Skew, last + Skew, period);

    /// <summary>The periods from one instant to another.</summary>
    public static StreamSpan Of(DateTimeOffset first, DateTimeOffset last, PartitionPeriod period) =>
        first < Earliest || last > Latest
            ? Whole
            : new(PartitionCalendar.StartOf(first, period),
                PartitionCalendar.Add(PartitionCalendar.StartOf(last, period), period, 1));
}
