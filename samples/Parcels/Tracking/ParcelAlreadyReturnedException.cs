namespace Parcels.Tracking;

/// <summary>The parcel has been sent back: nothing can happen to it any more.</summary>
/// <param name="parcelId">The parcel.</param>
/// <param name="returnedAt">When it was sent back.</param>
public sealed class ParcelAlreadyReturnedException(Guid parcelId, DateTimeOffset returnedAt)
    : ParcelRuleException(
        "parcel-returned-already", parcelId, $"Parcel {parcelId} has been returned already, at {returnedAt:u}.")
{
    /// <summary>When it was sent back.</summary>
    public DateTimeOffset ReturnedAt { get; } = returnedAt;
}
