namespace Parcels.Tracking;

/// <summary>A parcel has been handed over to its recipient.</summary>
/// <param name="DepotId">The depot it was delivered from.</param>
/// <param name="SignedBy">Who signed for it.</param>
/// <param name="At">When.</param>
public sealed record ParcelDelivered(Guid DepotId, string SignedBy, DateTimeOffset At);
