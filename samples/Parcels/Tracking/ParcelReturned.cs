namespace Parcels.Tracking;

/// <summary>A parcel has been sent back.</summary>
/// <param name="DepotId">The depot it was sent back from.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
public sealed record ParcelReturned(Guid DepotId, string Reason, DateTimeOffset At);
