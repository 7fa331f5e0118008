namespace Parcels.Depots;

/// <summary>A place where parcels are scanned; made of its events.</summary>
public sealed record Depot
{
    /// <summary>The depot, which is also its stream.</summary>
    public required Guid Id { get; init; }

    /// <summary>The number of its events so far.</summary>
    public long Version { get; init; }

    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is.</summary>
    public required string City { get; init; }

    /// <summary>When it was opened.</summary>
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>A depot begins.</summary>
    public static Depot Create(DepotOpened opened) =>
        new() { Id = opened.DepotId, Name = opened.Name, City = opened.City, OpenedAt = opened.At };
}
