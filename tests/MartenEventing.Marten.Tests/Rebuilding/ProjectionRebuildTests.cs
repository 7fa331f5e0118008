using Marten;
using MartenEventing.Marten.Rebuilding;

namespace MartenEventing.Tests.Rebuilding;

public sealed class ProjectionRebuildTests
{
    [Fact]
    public async Task from_a_complete_history_it_rebuilds_what_was_spoilt()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = database.Partitioned(History.WithSnapshots);
        var ids = await History.AppendAsync(database, store);
        await SpoilAsync(database);

        await new ProjectionRebuild(store).RunAsync();

        (await LoadAsync(store, ids[2]))!.Scans.ShouldBe(2);
        (await LoadAsync(store, ids[0]))!.Address.ShouldBe("Street 0");
    }

    [Fact]
    public async Task from_a_truncated_history_it_rebuilds_nothing_and_says_which_months_and_documents_are_concerned()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = database.Partitioned(History.WithSnapshots);
        var ids = await History.AppendAsync(database, store);
        var dropped = await History.DropAsync(database, months: 3);
        await SpoilAsync(database);

        var error = await Should.ThrowAsync<TruncatedHistoryException>(() => new ProjectionRebuild(store).RunAsync());

        var history = error.Histories.ShouldHaveSingleItem();
        history.RemovedPartitions.Select(removed => (removed.Events, removed.Streams)).ShouldBe([(4, 2)]);
        dropped.ShouldContain(history.RemovedPartitions[0].Name);
        history.IncompleteStreamCount.ShouldBe(0);
        var lost = history.LostDocuments.ShouldHaveSingleItem();
        lost.Document.ShouldBe(typeof(Parcel));
        lost.Examples.Order().ShouldBe(ids.Take(2).Select(id => id.ToString()).Order());
        error.Message.ShouldContain(history.RemovedPartitions[0].Name);
        error.Message.ShouldContain("2 Parcel document(s) of Parcel have no stream any more");
        error.Message.ShouldContain("--allow-truncated");
        (await LoadAsync(store, ids[0]))!.Address.ShouldBe("spoilt");
    }

    [Fact]
    public async Task a_store_without_projections_has_nothing_to_rebuild_and_its_history_is_looked_at_all_the_same()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = database.Partitioned();
        var ids = await History.AppendAsync(database, store);
        await new ProjectionRebuild(store).RunAsync();
        await database.DataSource.ExecuteAsync("DELETE FROM mt_events WHERE stream_id = $1 AND version < 3", ids[3]);

        var history = (await new ProjectionRebuild(store).InspectAsync()).ShouldHaveSingleItem();

        (history.Floor, history.IncompleteStreamCount).ShouldBe((0, 1));
    }

    [Fact]
    public async Task told_to_it_rebuilds_from_what_is_left()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = database.Partitioned(History.WithSnapshots);
        var ids = await History.AppendAsync(database, store);
        await History.DropAsync(database, months: 3);
        await SpoilAsync(database);

        await new ProjectionRebuild(store).RunAsync(new ProjectionRebuildOptions { AllowTruncatedHistory = true });

        (await LoadAsync(store, ids[0])).ShouldBeNull();
        (await LoadAsync(store, ids[2]))!.Address.ShouldBe("Street 2");
        (await LoadAsync(store, ids[3]))!.Delivered.ShouldBeTrue();
    }

    [Fact]
    public async Task streams_that_lack_their_first_events_are_named()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = database.Partitioned(History.WithSnapshots);
        var ids = await History.AppendAsync(database, store);
        await database.DataSource.ExecuteAsync("DELETE FROM mt_events WHERE stream_id = $1 AND version < 3", ids[3]);

        var history = (await new ProjectionRebuild(store).InspectAsync()).ShouldHaveSingleItem();

        history.IncompleteStreams.ShouldBe([new IncompleteStream("*DEFAULT*", ids[3].ToString(), 3)]);
        history.Describe().ShouldHaveSingleItem().ShouldContain($"{ids[3]} (from version 3)");
    }

    [Fact]
    public async Task so_are_those_whose_events_carry_no_name_of_a_dotnet_type()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = database.Partitioned(History.WithSnapshots);
        var ids = await History.AppendAsync(database, store);
        await database.DataSource.ExecuteAsync("DELETE FROM mt_events WHERE stream_id = $1 AND version < 3", ids[3]);
        await database.DataSource.ExecuteAsync("UPDATE mt_events SET mt_dotnet_type = NULL");

        (await new ProjectionRebuild(store).InspectAsync()).ShouldHaveSingleItem().IncompleteStreamCount.ShouldBe(1);
    }

    [Fact]
    public async Task documents_of_a_composite_projection_that_would_go_are_named()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = database.Partitioned(options =>
            options.Projections.CompositeProjectionFor("Depots", depots => depots.Snapshot<Parcel>()));
        await History.AppendAsync(database, store);
        await store.SaveAsync(session => session.Store(new Parcel { Id = Guid.NewGuid() }));

        var history = (await new ProjectionRebuild(store).InspectAsync("Depots")).ShouldHaveSingleItem();

        history.LostDocuments.ShouldHaveSingleItem().Projection.ShouldBe("Parcel");
    }

    [Fact]
    public async Task a_compacted_stream_is_complete()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = database.Partitioned(History.WithSnapshots);
        var ids = await History.AppendAsync(database, store);
        await using (var session = store.LightweightSession())
        {
            await session.Events.CompactStreamAsync<Parcel>(ids[2]);
            await session.SaveChangesAsync();
        }

        (await database.DataSource.ScalarAsync<long>(
            "SELECT min(version) FROM mt_events WHERE stream_id = $1", ids[2])).ShouldBeGreaterThan(1);
        (await new ProjectionRebuild(store).InspectAsync()).ShouldHaveSingleItem().IsTruncated.ShouldBeFalse();
    }

    [Fact]
    public async Task a_name_that_no_projection_has_is_refused_with_those_there_are()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = database.Partitioned(History.WithSnapshots);

        var error = await Should.ThrowAsync<ArgumentException>(() => new ProjectionRebuild(store).RunAsync(
            new ProjectionRebuildOptions { Projection = "Depot" }));

        error.Message.ShouldStartWith("No projection that can be rebuilt is called \"Depot\". There are: Parcel.");
    }

    private static Task<int> SpoilAsync(MartenDatabase database) => database.DataSource.ExecuteAsync(
        "UPDATE mt_doc_parcel SET data = jsonb_set(jsonb_set(data, '{Address}', '\"spoilt\"'), '{Scans}', '0')");

    private static async Task<Parcel?> LoadAsync(IDocumentStore store, Guid id)
    {
        await using var session = store.QuerySession();
        return await session.LoadAsync<Parcel>(id);
    }
}
