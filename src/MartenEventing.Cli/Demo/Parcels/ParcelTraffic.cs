namespace MartenEventing.Cli.Demo.Parcels;

/// <summary>How many parcels come in on which day: a growing business with a week, summers and Christmas.</summary>
internal sealed class ParcelTraffic
{
    // The share of each month in a year without growth, January first.
    private static readonly double[] Season = [0.80, 0.82, 0.92, 0.95, 0.95, 0.95, 0.85, 0.82, 1.00, 1.05, 1.35, 1.70];

    private readonly double[] _upTo;

    public ParcelTraffic(DateTimeOffset firstDay, int days)
    {
        var sum = 0.0;
        _upTo = [.. Enumerable.Range(0, days).Select(day => sum += Weight(firstDay.AddDays(day), day / (double)days))];
    }

    /// <summary>How many of all parcels come in on one day; the days add up to all of them.</summary>
    public int On(int day, int parcels) => UpTo(day, parcels) - UpTo(day - 1, parcels);

    private static double Weight(DateTimeOffset date, double progress)
    {
        var ofWeek = date.DayOfWeek switch { DayOfWeek.Sunday => 0.15, DayOfWeek.Saturday => 0.6, _ => 1.0 };
        return ofWeek * Season[date.Month - 1] * (1 + 1.2 * progress);
    }

    private int UpTo(int day, int parcels) => day < 0 ? 0 : (int)(parcels * (_upTo[day] / _upTo[^1]));
}
