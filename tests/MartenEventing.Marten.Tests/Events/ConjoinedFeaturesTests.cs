using JasperFx.Events;
using JasperFx.Events.Projections;
using JasperFx.Events.Tags;
using Marten;
using Marten.Events;
using static MartenEventing.Tests.ConjoinedStore;

namespace MartenEventing.Tests.Events;

/// <summary>Tags, natural keys, compacting and cleaning where two tenants share the tables.</summary>
public sealed class ConjoinedFeaturesTests
{
    public static TheoryData<DcbStorageMode, EventAppendMode> TagModes => TagTests.Modes;

    public static TheoryData<EventAppendMode> Modes => [.. Ways.Modes];

    [Theory, MemberData(nameof(TagModes))]
    public async Task a_boundary_is_one_tenants_own(DcbStorageMode storage, EventAppendMode mode)
    {
        await using var store = await CreateAsync(mode, configure: options =>
        {
            options.Events.DcbStorageMode = storage;
            options.Events.RegisterTagType<ParcelCode>("code").ForAggregate<DepotLoad>();
        });
        await ScanAsync(store, North);
        await using var session = store.Session(North);
        var boundary = await session.Events.FetchForWritingByTags<DepotLoad>(Code());
        await ScanAsync(store, South);
        boundary.AppendOne(Tagged(session));
        await session.SaveChangesAsync();

        await using var stale = store.Session(North);
        boundary = await stale.Events.FetchForWritingByTags<DepotLoad>(Code());
        boundary.Aggregate!.Scans.ShouldBe(2);
        store.Parcels.Clock.Now = Months.Boundary.AddMinutes(1);
        await ScanAsync(store, North);
        store.Parcels.NewStream().Append(stale, Tagged(stale));
        await Should.ThrowAsync<DcbConcurrencyException>(stale.SaveChangesAsync());
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task a_natural_key_is_one_tenants_own(EventAppendMode mode)
    {
        await using var store = await CreateAsync(mode, configure: options =>
            options.Projections.Snapshot<LabeledParcel>(SnapshotLifecycle.Inline));
        var label = new ParcelLabel("JD0001");
        foreach (var tenant in (string[])[North, South])
            await store.SaveAsync(tenant, session => store.Stream.Start(session, new ParcelLabeled(label)));
        store.Parcels.Clock.Now = Months.Boundary.AddMinutes(1);
        await store.SaveAsync(South, session => store.Stream.Append(session, new ParcelScanned("A")));

        await using var north = store.Session(North);
        (await north.Events.FetchForWriting<LabeledParcel, ParcelLabel>(label)).Aggregate!.Scans.ShouldBe(0);
        await using var south = store.Session(South);
        (await south.Events.FetchForWriting<LabeledParcel, ParcelLabel>(label)).Aggregate!.Scans.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_stream_is_compacted_in_one_tenant(EventAppendMode mode, StreamIdentity identity)
    {
        await using var store = await CreateAsync(mode, identity, options => options.LiveParcels());
        await store.StartBothAsync();
        await using (var session = store.Session(North))
        {
            await (store.Stream.Key is null
                ? session.Events.CompactStreamAsync<Parcel>(store.Stream.Id)
                : session.Events.CompactStreamAsync<NamedParcel>(store.Stream.Key));
            await session.SaveChangesAsync();
        }

        await store.SaveAsync(North, session => store.Stream.Append(session, new ParcelScanned("B")));
        await using var north = store.Session(North);
        (await store.Stream.FetchAsync(north)).Select(e => e.Version).ShouldBe([2, 3]);
        (await store.Stream.AggregateAsync(north))!.Scans.ShouldBe(2);
        await using var south = store.Session(South);
        (await store.Stream.AggregateAsync(south))!.Address.ShouldBe("There");
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task the_store_is_cleaned_for_all_tenants_and_goes_on(EventAppendMode mode, StreamIdentity identity)
    {
        await using var store = await CreateAsync(mode, identity);
        var advanced = store.Parcels.Store.Advanced;
        Func<Task>[] cleanings =
        [
            () => advanced.Clean.DeleteAllEventDataAsync(), () => advanced.Clean.DeleteAllDocumentsAsync(),
            () => advanced.ResetAllData(), () => advanced.Clean.CompletelyRemoveAllAsync(),
        ];
        foreach (var clean in cleanings)
        {
            await store.StartBothAsync();
            await clean();
        }

        await store.StartBothAsync();
        (await store.Parcels.LeavesAsync())[..2].ShouldBe([Months.Leaf(0), Months.Leaf(1)]);
        await store.Parcels.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    private static EventTagQuery Code() => new EventTagQuery().Or<ParcelCode>(new ParcelCode("x"));

    private static Task ScanAsync(ConjoinedStore store, string tenant) => store.SaveAsync(
        tenant, session => store.Parcels.NewStream().Append(session, Tagged(session)));

    private static IEvent Tagged(IDocumentSession session)
    {
        var scanned = session.Events.BuildEvent(new ParcelScanned("A"));
        scanned.WithTag(new ParcelCode("x"));
        return scanned;
    }
}
