using MartenEventing.Events;

namespace MartenEventing.Tests.Events;

/// <summary>Events of a parcel, for tests that do not care what happened to it.</summary>
internal static class Parcel
{
    public static NewEvent Scanned(string depot = "Rotterdam") => new("parcel_scanned", $$"""{"depot": "{{depot}}"}""");

    public static NewEvent ScannedAt(DateTimeOffset time, string depot = "Rotterdam") =>
        Scanned(depot) with { Timestamp = time };

    public static NewEvent[] Scans(int count) =>
        [.. Enumerable.Range(1, count).Select(number => Scanned($"depot {number}"))];
}
