namespace Parcels.Api.Tracking;

/// <summary>Tell the sender that a parcel has arrived. Sent through the outbox, with the delivery.</summary>
/// <param name="ParcelId">The parcel.</param>
/// <param name="Sender">Whom to tell.</param>
/// <param name="SignedBy">Who signed for it.</param>
/// <param name="DeliveredAt">When it was handed over.</param>
public sealed record NotifySender(Guid ParcelId, string Sender, string SignedBy, DateTimeOffset DeliveredAt);
