namespace Parcels.Tracking;

/// <summary>A parcel has been taken in.</summary>
/// <param name="ParcelId">The parcel.</param>
/// <param name="Sender">Who sends it.</param>
/// <param name="Recipient">Who is to get it.</param>
/// <param name="Destination">Where it goes.</param>
/// <param name="At">When.</param>
public sealed record ParcelRegistered(
    Guid ParcelId, string Sender, string Recipient, string Destination, DateTimeOffset At);
