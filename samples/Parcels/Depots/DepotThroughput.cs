using System.Globalization;

namespace Parcels.Depots;

/// <summary>What one depot did on one day (UTC). Lags behind the events by what the async daemon takes.</summary>
public sealed record DepotThroughput
{
    /// <summary>Depot and day in one: see <see cref="IdOf"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The depot.</summary>
    public required Guid DepotId { get; init; }

    /// <summary>The day, UTC.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Parcels seen.</summary>
    public int Scans { get; init; }

    /// <summary>Parcels handed over.</summary>
    public int Deliveries { get; init; }

    /// <summary>Parcels sent back.</summary>
    public int Returns { get; init; }

    /// <summary>A day on which nothing happened so far.</summary>
    public static DepotThroughput None(Guid depotId, DateOnly day) =>
        new() { Id = IdOf(depotId, day), DepotId = depotId, Day = day };

    /// <summary>The id of a depot's day, such as <c>0197...:2026-11-21</c>.</summary>
    public static string IdOf(Guid depotId, DateOnly day) =>
        string.Create(CultureInfo.InvariantCulture, $"{depotId}:{day:yyyy-MM-dd}");

    /// <summary>The day (UTC) in which an instant lies.</summary>
    public static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);
}
