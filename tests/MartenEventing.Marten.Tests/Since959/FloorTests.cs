using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Projections;
using MartenEventing.Marten.Health;
using MartenEventing.Marten.Rebuilding;
using MartenEventing.Retention;

namespace MartenEventing.Tests.Since959;

/// <summary>Floors of projections against retention, rebuilds and health.</summary>
public sealed class FloorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private const string NoteFloor =
        "INSERT INTO mt_event_projection_floors (name, tenant_id, floor) VALUES ($1, '', $2)";

    private const string NoteProgress =
        "INSERT INTO mt_event_progression (name, last_seq_id) VALUES ($1, $2)";

    /// <summary>A floor bears a projection\'s name, whatever is in it.</summary>
    [Fact]
    public async Task a_subscription_with_a_colon_in_its_name_does_not_hold_up_retention_once_it_has_caught_up()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = database.Partitioned(options => options.Events.Subscribe(
            new SequenceRecorder(),
            subscription =>
            {
                subscription.Name = "Depot:Scans";
                subscription.Options.SubscribeFromFirstRun();
            }));
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await database.AppendAsync(store, streams: 1);
        await CatchUpAsync(store);
        await History.AppendAsync(database, store);
        await CatchUpAsync(store);
        (await database.DataSource.ColumnAsync<string>("SELECT name || ' ' || floor FROM mt_event_projection_floors"))
            .ShouldBe(["Depot:Scans 2"]);

        (await database.DataSource.ColumnAsync<string>(
            "SELECT projection || ' ' || reached FROM mt_projection_progress()"))
            .ShouldBe(["Depot:Scans:All 12"]);
        (await PlanAsync(database)).Gates.ShouldBeEmpty();
    }

    /// <summary>The floor of "Depot" must not count for "Depot:Scans", which has none.</summary>
    [Fact]
    public async Task a_floor_is_not_lent_to_a_projection_whose_name_begins_alike()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = database.Partitioned();
        await History.AppendAsync(database, store);
        await database.DataSource.ExecuteAsync(NoteFloor, "Depot", 10L);
        await database.DataSource.ExecuteAsync(NoteProgress, "Depot:All", 10L);
        await database.DataSource.ExecuteAsync(NoteProgress, "Depot:Scans:All", 1L);

        (await database.DataSource.ColumnAsync<string>(
            "SELECT projection || ' ' || reached FROM mt_projection_progress() WHERE projection = 'Depot:Scans:All'"))
            .ShouldBe(["Depot:Scans:All 1"]);
        (await PlanAsync(database)).Gates.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task health_counts_a_registered_projection_without_progress_from_its_floor()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = database.Partitioned(FromFirstRun);
        await History.AppendAsync(database, store);
        await CatchUpAsync(store);
        await database.DataSource.ExecuteAsync("DELETE FROM mt_event_progression WHERE name LIKE 'Parcel%'");

        (await new DaemonProgress(store).ReadAsync(DateTimeOffset.UtcNow.AddMonths(-3))).ShouldHaveSingleItem()
            .Lagging.ShouldBeEmpty();
    }

    /// <summary>
    /// Two projections, one without a floor: what the other's rebuild loses is to be named all the same.
    /// </summary>
    [Fact]
    public async Task documents_below_the_floor_of_one_of_two_projections_are_named()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = await OneOfTwoHasAFloorAsync(database);

        var history = (await new ProjectionRebuild(store).InspectAsync()).ShouldHaveSingleItem();

        history.LostDocuments.ShouldHaveSingleItem().Count.ShouldBe(3);
    }

    [Fact]
    public async Task a_rebuild_of_all_is_refused_where_it_would_drop_documents_below_the_floor_of_one()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = await OneOfTwoHasAFloorAsync(database);

        await Should.ThrowAsync<TruncatedHistoryException>(() => new ProjectionRebuild(store).RunAsync());

        await using var after = store.QuerySession();
        (await after.Query<Parcel>().CountAsync()).ShouldBe(4);
    }

    /// <summary>
    /// An agent that runs keeps to its place: a floor that somebody sets counts from its next start on.
    /// </summary>
    [Fact]
    public async Task a_floor_set_above_a_lagging_projection_does_not_release_what_its_running_agent_still_reads()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = database.Partitioned(options => options.Projections.Snapshot<Parcel>(SnapshotLifecycle.Async));
        await History.AppendAsync(database, store);
        await database.DataSource.ExecuteAsync(NoteProgress, "Parcel:All", 2L);
        await ((IEventDatabase)store.Storage.Database).SetProjectionFloorAsync("Parcel", null, 10);

        (await PlanAsync(database)).Gates.ShouldNotBeEmpty();
    }

    /// <summary>SubscribeFromPresent ignores a stored floor, and so does its rebuild.</summary>
    [Fact]
    public async Task a_projection_from_present_has_no_floor_in_a_rebuild()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = database.Partitioned(options => options.Projections.Snapshot<Parcel>(
            SnapshotLifecycle.Async, projection => projection.SubscribeFromPresent()));
        await History.AppendAsync(database, store);
        await ((IEventDatabase)store.Storage.Database).SetProjectionFloorAsync("Parcel", null, 9);
        await History.DropAsync(database, months: 3);
        (await database.DataSource.ScalarAsync<long>("SELECT sum(events)::bigint FROM mt_removed_partitions"))
            .ShouldBe(4);

        (await new ProjectionRebuild(store).InspectAsync()).ShouldHaveSingleItem().IsTruncated.ShouldBeTrue();
    }

    /// <summary>Since 9.59 a rebuild begins at the sequence of SubscribeFromSequence, too.</summary>
    [Fact]
    public async Task a_rebuild_from_a_configured_sequence_names_what_only_older_events_made()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var before = database.Partitioned(options => options.Projections.Snapshot<Parcel>(SnapshotLifecycle.Async));
        await History.AppendAsync(database, before);
        await CatchUpAsync(before);
        var store = database.Partitioned(options => options.Projections.Snapshot<Parcel>(
            SnapshotLifecycle.Async, projection => projection.SubscribeFromSequence(9)));

        await Should.ThrowAsync<TruncatedHistoryException>(() => new ProjectionRebuild(store).RunAsync());

        await using var after = store.QuerySession();
        (await after.Query<Parcel>().CountAsync()).ShouldBe(4);
    }

    private static async Task<IDocumentStore> OneOfTwoHasAFloorAsync(MartenDatabase database)
    {
        var store = database.Partitioned(options =>
        {
            options.Projections.Snapshot<Parcel>(SnapshotLifecycle.Async);
            options.Projections.Add<DepotScansProjection>(ProjectionLifecycle.Async);
        });
        await History.AppendAsync(database, store);
        await CatchUpAsync(store);
        await ((IEventDatabase)store.Storage.Database).SetProjectionFloorAsync("Parcel", null, 9);
        return store;
    }

    private static void FromFirstRun(StoreOptions options) => options.Projections.Snapshot<Parcel>(
        SnapshotLifecycle.Async, projection => projection.SubscribeFromFirstRun());

    private static Task<RetentionPlan> PlanAsync(MartenDatabase database) => new StoreRetention(
        database.DataSource, options: new RetentionOptions { OlderThan = RetentionAge.Parse("3mo") }).PlanAsync();

    private static async Task CatchUpAsync(IDocumentStore store)
    {
        using var daemon = await store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleData(Patience);
        await daemon.StopAllAsync();
    }
}
