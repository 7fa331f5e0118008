using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using MartenEventing.Maintenance;
using MartenEventing.Marten.Health;
using MartenEventing.Marten.Maintenance;
using MartenEventing.Marten.Rebuilding;
using MartenEventing.Retention;

namespace MartenEventing.Tests.Since959;

/// <summary>
/// <c>SubscribeFromFirstRun</c>: a projection that begins where the store was at its first start, by a floor that
/// outlives its rebuilds.
/// </summary>
public sealed class FirstRunTests
{
    private const string Projection = "Parcel";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task a_subscription_begins_after_what_was_there_and_keeps_to_it()
    {
        var recorder = new SequenceRecorder();
        await using var parcels = await ParcelStore.CreateAsync(configure: options => options.Events.Subscribe(
            recorder, subscription => subscription.Options.SubscribeFromFirstRun()));
        await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Here")], [new ParcelScanned("A")]);
        for (var run = 0; run < 2; run++)
        {
            await CatchUpAsync(parcels.Store);
            parcels.Clock.Now = Months.Middle(2 + run);
            await parcels.StartAsync(new ParcelRegistered("There"));
        }

        await CatchUpAsync(parcels.Store);

        recorder.Sequences.ShouldBe([3, 4]);
    }

    [Fact]
    public async Task a_rebuild_begins_at_the_floor_and_removed_months_before_it_are_no_truncation()
    {
        await using var database = await MartenDatabase.CreateAsync();
        var store = database.Partitioned(FromFirstRun);
        await History.AppendAsync(database, store);
        await CatchUpAsync(store);
        await database.AppendAsync(store, streams: 1);
        await CatchUpAsync(store);
        await History.DropAsync(database, months: 3);
        (await database.DataSource.ScalarAsync<long>("SELECT sum(events)::bigint FROM mt_removed_partitions"))
            .ShouldBe(4);

        (await new ProjectionRebuild(store).InspectAsync()).ShouldHaveSingleItem().IsTruncated.ShouldBeFalse();
        await new ProjectionRebuild(store).RunAsync();

        await using var session = store.QuerySession();
        (await session.Query<Parcel>().ToListAsync()).Select(parcel => parcel.Scans).ShouldBe([1]);
    }

    [Fact]
    public async Task documents_that_only_events_before_the_floor_made_are_named_before_a_rebuild()
    {
        await using var database = await MartenDatabase.CreateAsync();
        var store = database.Partitioned(options => options.Projections.Snapshot<Parcel>(SnapshotLifecycle.Async));
        var ids = await History.AppendAsync(database, store);
        await CatchUpAsync(store);
        await ((IEventDatabase)store.Storage.Database).SetProjectionFloorAsync(Projection, null, 9);

        var history = (await new ProjectionRebuild(store).InspectAsync()).ShouldHaveSingleItem();

        history.Floor.ShouldBe(9);
        history.LostDocuments.ShouldHaveSingleItem().Examples.Order()
            .ShouldBe(ids.Take(3).Select(id => id.ToString()).Order());
        history.Describe().ShouldHaveSingleItem().ShouldContain("or no event after their floor 9,");
    }

    [Fact]
    public async Task retention_tells_the_floor_and_does_not_wait_for_what_lies_before_it()
    {
        await using var database = await MartenDatabase.CreateAsync();
        var store = database.Partitioned(FromFirstRun);
        await History.AppendAsync(database, store);
        await CatchUpAsync(store);
        await database.DataSource.ExecuteAsync("DELETE FROM mt_event_progression WHERE name LIKE 'Parcel%'");
        await new PartitionMaintenance(store).RunAsync();
        var retention = new StoreRetention(
            database.DataSource, options: new RetentionOptions { OlderThan = RetentionAge.Parse("3mo") });

        var plan = await retention.PlanAsync();

        plan.ProjectionFloors.ShouldBe([new ProjectionFloor(Projection, 10)]);
        plan.Gates.ShouldBeEmpty();
        plan.Partitions.ShouldNotBeEmpty();
        (await new DaemonProgress(store).ReadAsync(DateTimeOffset.UtcNow.AddMonths(-3))).ShouldHaveSingleItem()
            .Lagging.ShouldBeEmpty();
    }

    private static void FromFirstRun(StoreOptions options) => options.Projections.Snapshot<Parcel>(
        SnapshotLifecycle.Async, projection => projection.SubscribeFromFirstRun());

    private static async Task CatchUpAsync(IDocumentStore store)
    {
        using var daemon = await store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleData(Patience);
        await daemon.StopAllAsync();
    }
}
