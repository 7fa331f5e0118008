namespace Parcels.Api.Tracking;

/// <summary>One event of a parcel.</summary>
/// <param name="Version">Its place in the parcel's life, from 1.</param>
/// <param name="Event">What happened, such as <c>parcel_scanned</c>.</param>
/// <param name="RecordedAt">When it was written down.</param>
/// <param name="Data">The event.</param>
public sealed record HistoryEntry(long Version, string Event, DateTimeOffset RecordedAt, object Data);
