namespace Parcels.Tracking;

/// <summary>No depot has seen the parcel, so it can neither be delivered nor returned.</summary>
/// <param name="parcelId">The parcel.</param>
public sealed class ParcelNotScannedException(Guid parcelId)
    : ParcelRuleException(
        "parcel-not-scanned", parcelId, $"Parcel {parcelId} has not been scanned at any depot. Scan it first.");
