using System.Globalization;

namespace MartenEventing.Benchmarks.Data;

/// <summary>The types and bodies of made-up events.</summary>
internal static class ParcelEvents
{
    public const string StreamType = "parcel";

    public const string Tenant = "*DEFAULT*";

    private static readonly string[] Names =
        ["Scanned", "Sorted", "Loaded", "Unloaded", "Moved", "Weighed", "Held", "Delivered"];

    private static readonly string[] Depots =
        ["Rotterdam", "Duisburg", "Lyon", "Poznan", "Malmö", "Bologna", "Zaragoza", "Cork"];

    /// <summary>The alias of an event type, as Marten names it.</summary>
    public static string Type(int number) => "parcel_" + Names[number % Names.Length].ToLowerInvariant();

    /// <summary>The .NET type that goes with <see cref="Type"/>.</summary>
    public static string DotNetType(int number) => $"Parcels.Events.Parcel{Names[number % Names.Length]}, Parcels";

    /// <summary>A JSON object of some 150 bytes.</summary>
    public static string Body(int number) => string.Create(CultureInfo.InvariantCulture,
        $$"""
        {"depot": "{{Depots[number % 7]}}", "gate": {{number % 40}}, "weight": {{number % 997 / 10.0}}, "parcel":
        """)
        + string.Create(CultureInfo.InvariantCulture,
        $$"""
         "P{{number:D9}}", "operator": "op-{{number % 211}}", "note": "on the belt to {{Depots[(number / 7) % 8]}}"}
        """);
}
