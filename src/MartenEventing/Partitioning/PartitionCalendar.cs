using System.Globalization;
using MartenEventing.Schema;

namespace MartenEventing.Partitioning;

/// <summary>
/// The UTC periods by which partitions are cut and named; the same rules as the functions in <c>db/</c>.
/// </summary>
public static class PartitionCalendar
{
    /// <summary>The start of the period that holds an instant. A week starts on Monday.</summary>
    public static DateTimeOffset StartOf(DateTimeOffset at, PartitionPeriod period)
    {
        var day = at.UtcDateTime.Date;
        var start = period switch
        {
            PartitionPeriod.Day => day,
            PartitionPeriod.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            PartitionPeriod.Month => new DateTime(day.Year, day.Month, 1),
            PartitionPeriod.Quarter => new DateTime(day.Year, (((day.Month - 1) / 3) * 3) + 1, 1),
            _ => new DateTime(day.Year, 1, 1),
        };
        return new DateTimeOffset(start, TimeSpan.Zero);
    }

    /// <summary>An instant moved by whole periods.</summary>
    public static DateTimeOffset Add(DateTimeOffset start, PartitionPeriod period, int periods) => period switch
    {
        PartitionPeriod.Day => start.AddDays(periods),
        PartitionPeriod.Week => start.AddDays(7 * periods),
        PartitionPeriod.Month => start.AddMonths(periods),
        PartitionPeriod.Quarter => start.AddMonths(3 * periods),
        _ => start.AddYears(periods),
    };

    /// <summary>The name of the partition of a table that starts at an instant.</summary>
    public static string NameOf(DateTimeOffset start, PartitionPeriod period, string table = "mt_events")
    {
        var format = period switch
        {
            PartitionPeriod.Day => "'d'yyyyMMdd",
            PartitionPeriod.Week => "'w'yyyyMMdd",
            PartitionPeriod.Month => "'m'yyyyMM",
            PartitionPeriod.Quarter => "'q'yyyyMM",
            _ => "'y'yyyy",
        };
        return $"{table}_" + start.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>The starts of the partitions that cover [from, to), the first and last perhaps cut short.</summary>
    public static IEnumerable<DateTimeOffset> Starts(DateTimeOffset from, DateTimeOffset to, PartitionPeriod period)
    {
        for (var start = from; start < to; start = Add(StartOf(start, period), period, 1))
            yield return start;
    }
}
