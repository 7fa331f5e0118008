using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten.Events;

namespace MartenEventing.Tests.Events;

/// <summary>Each option of Marten's event store: written, read, projected and checked with it.</summary>
public sealed class EventOptionsTests
{
    private static readonly Dictionary<string, Action<IEventStoreOptions>> Options = new()
    {
        ["without big integers"] = events => events.EnableBigIntEvents = false,
        [nameof(IEventStoreOptions.EnableEventTypeIndex)] = events => events.EnableEventTypeIndex = true,
        [nameof(IEventStoreOptions.EnableAdvancedAsyncTracking)] = events => events.EnableAdvancedAsyncTracking = true,
        [nameof(IEventStoreOptions.EnableExtendedProgressionTracking)] =
            events => events.EnableExtendedProgressionTracking = true,
        [nameof(IEventStoreOptions.EnableStrictStreamIdentityEnforcement)] =
            events => events.EnableStrictStreamIdentityEnforcement = true,
        [nameof(IEventStoreOptions.EnableEventSkippingInProjectionsOrSubscriptions)] =
            events => events.EnableEventSkippingInProjectionsOrSubscriptions = true,
        [nameof(IEventStoreOptions.UseIdentityMapForAggregates)] = events => events.UseIdentityMapForAggregates = true,
        [nameof(IEventStoreOptions.UseOptimizedProjectionRebuilds)] =
            events => events.UseOptimizedProjectionRebuilds = true,
        [nameof(IEventStoreOptions.UseMandatoryStreamTypeDeclaration)] =
            events => events.UseMandatoryStreamTypeDeclaration = true,
        [nameof(IEventStoreOptions.UseListenNotifyForEventAppends)] =
            events => events.UseListenNotifyForEventAppends = true,
        [nameof(IEventStoreOptions.UseExclusiveLockOnConcurrentAppends)] =
            events => events.UseExclusiveLockOnConcurrentAppends = true,
        ["a schema of its own"] = events => events.DatabaseSchemaName = "parcel_events",
    };

    public static TheoryData<string, EventAppendMode> All
    {
        get
        {
            var all = new TheoryData<string, EventAppendMode>();
            foreach (var option in Options.Keys)
            {
                foreach (var mode in Ways.Modes)
                    all.Add(option, mode);
            }

            return all;
        }
    }

    [Theory, MemberData(nameof(All))]
    public async Task the_store_works_as_before(string option, EventAppendMode mode)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, configure: options =>
        {
            Options[option](options.Events);
            options.Projections.Snapshot<Parcel>(SnapshotLifecycle.Async);
        });
        var stream = await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Here")], [new ParcelScanned("A")]);
        await using var stale = parcels.Session();
        var writing = await stream.FetchForWritingAsync(stale);
        await parcels.SaveAsync(session => stream.Append(session, new ParcelScanned("B")));
        writing.Append(new ParcelDelivered());
        await Should.ThrowAsync<EventStreamUnexpectedMaxEventIdException>(stale.SaveChangesAsync());

        using var daemon = await parcels.Store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleData(TimeSpan.FromMinutes(1));
        await daemon.RebuildProjectionAsync<Parcel>(CancellationToken.None);
        await using var session = parcels.Session();
        var parcel = await session.LoadAsync<Parcel>(stream.Id);
        (parcel!.Address, parcel.Scans, parcel.Version, parcel.Delivered).ShouldBe(("Here", 2, 3, false));
        await parcels.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }
}
