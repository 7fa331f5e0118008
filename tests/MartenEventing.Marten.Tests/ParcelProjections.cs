using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Projections;

namespace MartenEventing.Tests;

/// <summary>Registers the parcel that fits the store's stream identity.</summary>
public static class ParcelProjections
{
    public static void LiveParcels(this StoreOptions options)
    {
        if (options.Events.StreamIdentity == StreamIdentity.AsGuid)
            options.Projections.LiveStreamAggregation<Parcel>();
        else
            options.Projections.LiveStreamAggregation<NamedParcel>();
    }

    public static void SnapshotParcels(this StoreOptions options, SnapshotLifecycle lifecycle)
    {
        if (options.Events.StreamIdentity == StreamIdentity.AsGuid)
            options.Projections.Snapshot<Parcel>(lifecycle);
        else
            options.Projections.Snapshot<NamedParcel>(lifecycle);
    }
}
