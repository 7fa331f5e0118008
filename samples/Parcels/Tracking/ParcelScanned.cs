namespace Parcels.Tracking;

/// <summary>A parcel has been seen at a depot.</summary>
/// <param name="DepotId">The depot.</param>
/// <param name="At">When.</param>
public sealed record ParcelScanned(Guid DepotId, DateTimeOffset At);
