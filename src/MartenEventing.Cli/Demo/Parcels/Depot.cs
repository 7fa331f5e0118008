namespace MartenEventing.Cli.Demo.Parcels;

/// <summary>A place where parcels are sorted.</summary>
internal sealed record Depot(string Code, string City)
{
    public static readonly IReadOnlyList<Depot> All =
    [
        new("HAM", "Hamburg"), new("VIE", "Vienna"), new("LYS", "Lyon"), new("OPO", "Porto"),
        new("GOT", "Gothenburg"), new("RTM", "Rotterdam"), new("GDN", "Gdansk"), new("BLQ", "Bologna"),
        new("BIO", "Bilbao"), new("BRQ", "Brno"), new("ORK", "Cork"), new("SKG", "Thessaloniki"),
    ];

    /// <summary>The stream of the depot itself: one event a day, for as long as it stands.</summary>
    public string Stream => $"depot-{Code}";
}
