namespace Parcels.Tracking;

/// <summary>The decision rests on a parcel that has moved on. Read it again and decide anew.</summary>
/// <param name="parcelId">The parcel.</param>
/// <param name="expectedVersion">The version on which the decision rests.</param>
/// <param name="actualVersion">The version of the parcel.</param>
public sealed class ParcelChangedException(Guid parcelId, long expectedVersion, long actualVersion)
    : Exception(
        $"Parcel {parcelId} is at version {actualVersion}, the decision rests on version {expectedVersion}. "
        + "Read it again and decide anew.")
{
    /// <summary>The parcel.</summary>
    public Guid ParcelId { get; } = parcelId;

    /// <summary>The version on which the decision rests.</summary>
    public long ExpectedVersion { get; } = expectedVersion;

    /// <summary>The version of the parcel.</summary>
    public long ActualVersion { get; } = actualVersion;
}
