namespace MartenEventing.Benchmarks.Data;

/// <summary>Which history to make up. The same options give the same streams, events and bodies.</summary>
internal sealed record HistoryOptions
{
    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    public required int Events { get; init; }

    /// <summary>The sequence number before the first event. Default 0.</summary>
    public long SequenceBefore { get; init; }

    public int Seed { get; init; } = 20261120;

    /// <summary>The last months up to an instant, its own month included.</summary>
    public static HistoryOptions LastMonths(DateTimeOffset now, int months, int events) => new()
    {
        From = MonthOf(now).AddMonths(1 - months),
        To = now,
        Events = events,
    };

    /// <summary>The start of the UTC month that holds an instant.</summary>
    public static DateTimeOffset MonthOf(DateTimeOffset instant)
    {
        var utc = instant.UtcDateTime;
        return new DateTimeOffset(utc.Year, utc.Month, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
