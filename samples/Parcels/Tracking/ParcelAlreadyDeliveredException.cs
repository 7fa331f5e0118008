namespace Parcels.Tracking;

/// <summary>The parcel has been handed over: nothing can happen to it any more.</summary>
/// <param name="parcelId">The parcel.</param>
/// <param name="deliveredAt">When it was handed over.</param>
public sealed class ParcelAlreadyDeliveredException(Guid parcelId, DateTimeOffset deliveredAt)
    : ParcelRuleException(
        "parcel-delivered-already", parcelId, $"Parcel {parcelId} has been delivered already, at {deliveredAt:u}.")
{
    /// <summary>When it was handed over.</summary>
    public DateTimeOffset DeliveredAt { get; } = deliveredAt;
}
