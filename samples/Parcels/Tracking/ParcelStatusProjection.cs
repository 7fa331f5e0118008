using JasperFx.Events;
using Marten.Events.Aggregation;

namespace Parcels.Tracking;

/// <summary>Makes a <see cref="ParcelStatus"/> of the events of one parcel.</summary>
public sealed class ParcelStatusProjection : SingleStreamProjection<ParcelStatus, Guid>
{
    /// <inheritdoc/>
    public override ParcelStatus? Evolve(ParcelStatus? snapshot, Guid id, IEvent e) => e.Data switch
    {
        ParcelRegistered registered => new ParcelStatus
        {
            Id = id,
            Sender = registered.Sender,
            Recipient = registered.Recipient,
            Destination = registered.Destination,
            UpdatedAt = registered.At,
        },
        ParcelScanned scanned => snapshot! with
        {
            State = ParcelState.InTransit,
            LastDepotId = scanned.DepotId,
            Scans = snapshot.Scans + 1,
            UpdatedAt = scanned.At,
        },
        ParcelDelivered delivered => snapshot! with
        {
            State = ParcelState.Delivered,
            SignedBy = delivered.SignedBy,
            UpdatedAt = delivered.At,
        },
        ParcelReturned returned => snapshot! with
        {
            State = ParcelState.Returned,
            ReturnReason = returned.Reason,
            UpdatedAt = returned.At,
        },
        _ => snapshot,
    };
}
