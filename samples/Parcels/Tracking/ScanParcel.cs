namespace Parcels.Tracking;

/// <summary>Note that a parcel is at a depot. Scans do not contradict each other, so no version is asked for.</summary>
/// <param name="DepotId">The depot.</param>
public sealed record ScanParcel([property: NotEmpty] Guid DepotId);
