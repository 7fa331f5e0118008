namespace MartenEventing.Cli.Demo.Parcels;

/// <summary>The events of a parcel service in the order of time, over the three years that end at an instant.</summary>
internal sealed class ParcelHistory
{
    /// <summary>About how long a line of JSON is.</summary>
    public const int BytesPerEvent = 205;

    private const double EventsPerParcel = 6.42;
    private const int EventsPerDepot = 20_000;

    private readonly Random _random;
    private readonly PriorityQueue<ParcelEvent, (DateTimeOffset, long)> _coming = new();
    private long _made;
    private int _parcels;

    private ParcelHistory(int seed) => _random = new Random(seed);

    /// <summary>Makes the events while they are read. The same arguments give the same events.</summary>
    /// <param name="end">The last instant at which something may have happened; three years after the first.</param>
    /// <param name="events">About how many events there shall be, at least 2,000; the end cuts a few off.</param>
    /// <param name="seed">What the dice start from.</param>
    public static IEnumerable<ParcelEvent> Until(DateTimeOffset end, int events, int seed = 4711)
    {
        var start = new DateTimeOffset(end.UtcDateTime.Date.AddYears(-3), TimeSpan.Zero);
        var days = (int)(end - start).TotalDays + 1;
        var depots = Depot.All.Take(Math.Clamp(events / EventsPerDepot, 1, Depot.All.Count)).ToList();
        var parcels = (int)Math.Max(1, (events - days * depots.Count) / EventsPerParcel);
        var traffic = new ParcelTraffic(start, days);
        var history = new ParcelHistory(seed);
        for (var day = 0; day < days; day++)
            foreach (var happened in history.Day(start.AddDays(day), traffic.On(day, parcels), depots))
                if (happened.Timestamp <= end)
                    yield return happened;
    }

    private IEnumerable<ParcelEvent> Day(DateTimeOffset date, int parcels, IEnumerable<Depot> depots)
    {
        for (; parcels > 0; parcels--)
            Come(new ParcelJourney(_random, $"MP{++_parcels:D9}", AtDaytime(date)).Travel());
        Come(depots.Select(depot => Close(depot, date)));
        while (_coming.TryPeek(out var next, out _) && next.Timestamp < date.AddDays(1))
            yield return _coming.Dequeue();
    }

    private DateTimeOffset AtDaytime(DateTimeOffset date) =>
        date.AddHours(5).AddMilliseconds(_random.Next(17 * 3_600_000));

    private ParcelEvent Close(Depot depot, DateTimeOffset date) =>
        new(depot.Stream, "depot_day_closed", date.AddHours(21).AddMilliseconds(_random.Next(3_600_000)),
            new { date = $"{date:yyyy-MM-dd}", sorted = 400 + _random.Next(900), leftOver = _random.Next(30) })
        {
            CorrelationId = $"shift-{depot.Code}-{date:yyyyMMdd}",
            UserName = $"lead-{depot.Code}",
        };

    private void Come(IEnumerable<ParcelEvent> events)
    {
        foreach (var coming in events)
            _coming.Enqueue(coming, (coming.Timestamp, _made++));
    }
}
