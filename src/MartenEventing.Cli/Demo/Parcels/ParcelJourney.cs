namespace MartenEventing.Cli.Demo.Parcels;

/// <summary>The way of one parcel from its sender to the door, and sometimes back.</summary>
internal sealed class ParcelJourney(Random random, string parcel, DateTimeOffset registered)
{
    private static readonly string[] Failures = ["nobody_home", "address_unclear", "refused", "no_access"];
    private static readonly string[] Receivers = ["recipient", "neighbour", "parcel_locker", "reception"];

    private readonly List<ParcelEvent> _events = [];
    private DateTimeOffset _now = registered;

    public IReadOnlyList<ParcelEvent> Travel()
    {
        var from = Any(Depot.All);
        var to = Any(Depot.All);
        Happens("parcel_registered", $"order-{parcel[2..]}", $"customer-{random.Next(4000):D4}", new
        {
            from = from.City,
            to = to.City,
            weightGrams = 100 + random.Next(12_000),
            service = random.Next(5) == 0 ? "express" : "standard",
        });
        Scan(from, hours: 10);
        for (var hubs = random.Next(3); hubs > 0; hubs--)
            Scan(Any(Depot.All), hours: 16);
        Scan(to, hours: 14);
        for (var attempt = 1; attempt <= 3 && !GoesOut(to, attempt); attempt++)
        {
        }

        return _events;
    }

    private void Scan(Depot depot, int hours)
    {
        Wait(hours);
        Happens("parcel_scanned", Shift(depot), $"scanner-{depot.Code}-{random.Next(6)}",
            new { depot = depot.Code, belt = 1 + random.Next(24) });
    }

    // True when the journey has ended.
    private bool GoesOut(Depot depot, int attempt)
    {
        _now = new DateTimeOffset(_now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero).AddHours(6);
        Wait(hours: 2);
        var courier = $"courier-{depot.Code}-{random.Next(40):D2}";
        var tour = $"tour-{depot.Code}-{_now:yyyyMMdd}-{random.Next(40):D2}";
        Happens("parcel_out_for_delivery", tour, courier, new { depot = depot.Code, attempt });
        Wait(hours: 7);
        if (random.NextDouble() < (attempt == 1 ? 0.87 : 0.5))
        {
            Happens("parcel_delivered", tour, courier, new { receivedBy = Any(Receivers), attempt });
            return true;
        }

        Happens("parcel_delivery_failed", tour, courier, new { reason = Any(Failures), attempt });
        if (attempt == 3)
        {
            Wait(hours: 240);
            Happens("parcel_returned", Shift(depot), $"scanner-{depot.Code}-0", new { depot = depot.Code });
        }

        return false;
    }

    private string Shift(Depot depot) => $"shift-{depot.Code}-{_now:yyyyMMdd}";

    private T Any<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    private void Wait(int hours) => _now = _now.AddMilliseconds(60_000 + random.Next(hours * 3_600_000));

    private void Happens(string type, string correlation, string user, object data) =>
        _events.Add(new ParcelEvent(parcel, type, _now, data) { CorrelationId = correlation, UserName = user });
}
