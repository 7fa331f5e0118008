using JasperFx.Events;
using Marten.Events.Projections;
using Parcels.Tracking;

namespace Parcels.Depots;

/// <summary>Counts the events of all parcels by depot and day.</summary>
public sealed class DepotThroughputProjection : MultiStreamProjection<DepotThroughput, string>
{
    /// <summary>Sorts events to the depot and the day on which they happened.</summary>
    public DepotThroughputProjection()
    {
        Identity<ParcelScanned>(e => DepotThroughput.IdOf(e.DepotId, DepotThroughput.DayOf(e.At)));
        Identity<ParcelDelivered>(e => DepotThroughput.IdOf(e.DepotId, DepotThroughput.DayOf(e.At)));
        Identity<ParcelReturned>(e => DepotThroughput.IdOf(e.DepotId, DepotThroughput.DayOf(e.At)));
    }

    /// <inheritdoc/>
    public override DepotThroughput? Evolve(DepotThroughput? snapshot, string id, IEvent e)
    {
        switch (e.Data)
        {
            case ParcelScanned(var depotId, var at):
                var scanned = snapshot ?? DepotThroughput.None(depotId, DepotThroughput.DayOf(at));
                return scanned with { Scans = scanned.Scans + 1 };
            case ParcelDelivered(var depotId, _, var at):
                var delivered = snapshot ?? DepotThroughput.None(depotId, DepotThroughput.DayOf(at));
                return delivered with { Deliveries = delivered.Deliveries + 1 };
            case ParcelReturned(var depotId, _, var at):
                var returned = snapshot ?? DepotThroughput.None(depotId, DepotThroughput.DayOf(at));
                return returned with { Returns = returned.Returns + 1 };
            default:
                return snapshot;
        }
    }
}
