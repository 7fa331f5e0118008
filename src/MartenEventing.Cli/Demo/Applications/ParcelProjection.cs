using JasperFx.Events;
using Marten.Events.Aggregation;

namespace MartenEventing.Cli.Demo.Applications;

/// <summary>One step of a parcel. By <c>Evolve</c>, so that Marten has no code to generate.</summary>
internal sealed class ParcelProjection : SingleStreamProjection<Parcel, Guid>
{
    /// <inheritdoc/>
    public override Parcel? Evolve(Parcel? snapshot, Guid id, IEvent e)
    {
        var parcel = snapshot ?? new Parcel { Id = id };
        return e.Data switch
        {
            ParcelScanned scanned => parcel with { Depot = scanned.Depot },
            ParcelOutForDelivery leaving => parcel with { Depot = leaving.Depot },
            ParcelDelivered delivered => parcel with { ReceivedBy = delivered.ReceivedBy },
            _ => parcel,
        };
    }
}
