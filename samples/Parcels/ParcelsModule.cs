using JasperFx.Events.Projections;
using Marten;
using Parcels.Depots;
using Parcels.Tracking;

namespace Parcels;

/// <summary>What a Marten store has to know of parcels and depots.</summary>
public static class ParcelsModule
{
    /// <summary>
    /// Registers the projections: <see cref="ParcelStatus"/> inline, <see cref="DepotThroughput"/> by the async daemon,
    /// <see cref="Parcel"/> and <see cref="Depot"/> live, when they are asked for.
    /// </summary>
    public static StoreOptions AddParcels(this StoreOptions options)
    {
        options.Projections.Add(new ParcelStatusProjection(), ProjectionLifecycle.Inline);
        options.Projections.Add(new DepotThroughputProjection(), ProjectionLifecycle.Async);
        options.Projections.LiveStreamAggregation<Parcel>();
        options.Projections.LiveStreamAggregation<Depot>();
        return options;
    }
}
