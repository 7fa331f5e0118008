using System.Globalization;

namespace MartenEventing.Tests;

/// <summary>The months that a new store has partitions for, seen from the present.</summary>
public static class Months
{
    private static readonly DateTimeOffset Current = StartOf(DateTimeOffset.UtcNow);

    /// <summary>The boundary between the current month and the next: both are partitions.</summary>
    public static DateTimeOffset Boundary => Start(1);

    /// <summary>The first instant of a month, counted from the current one.</summary>
    public static DateTimeOffset Start(int month) => Current.AddMonths(month);

    /// <summary>A moment in the middle of a month, counted from the current one.</summary>
    public static DateTimeOffset Middle(int month) => Start(month).AddDays(14);

    /// <summary>The name of the partition of a month, counted from the current one.</summary>
    public static string Leaf(int month) =>
        "mt_events_m" + Start(month).ToString("yyyyMM", CultureInfo.InvariantCulture);

    private static DateTimeOffset StartOf(DateTimeOffset time) => new(time.Year, time.Month, 1, 0, 0, 0, TimeSpan.Zero);
}
