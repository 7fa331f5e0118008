namespace Parcels.Depots;

/// <summary>A depot has been opened.</summary>
/// <param name="DepotId">The depot.</param>
/// <param name="Name">What it is called.</param>
/// <param name="City">Where it is.</param>
/// <param name="At">When.</param>
public sealed record DepotOpened(Guid DepotId, string Name, string City, DateTimeOffset At);
