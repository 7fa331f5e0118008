using JasperFx;
using JasperFx.Events;

namespace MartenEventing.Tests.Events;

public sealed class CleaningTests
{
    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_stream_that_is_deleted_is_gone_from_all_months(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Here")], [new ParcelDelivered()]);
        await parcels.StartAsync(new ParcelRegistered("There"));
        await (stream.Key is null
            ? parcels.Store.Advanced.Clean.DeleteSingleEventStreamAsync(stream.Id)
            : parcels.Store.Advanced.Clean.DeleteSingleEventStreamAsync(stream.Key));

        await using var session = parcels.Session();
        (await stream.FetchStateAsync(session)).ShouldBeNull();
        (await parcels.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(1);
        await parcels.SaveAsync(again => stream.Start(again, new ParcelRegistered("Back")));
        (await stream.AggregateAsync(session))!.Address.ShouldBe("Back");
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task without_its_event_data_the_store_begins_anew(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Here")], [new ParcelDelivered()]);
        await parcels.Store.Advanced.Clean.DeleteAllEventDataAsync();

        await ShouldWorkAsync(parcels);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task without_its_documents_the_store_goes_on(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Here")], [new ParcelDelivered()]);
        await parcels.Store.Advanced.Clean.DeleteAllDocumentsAsync();

        await parcels.DataSource.ExecuteAsync("ALTER SEQUENCE mt_events_sequence RESTART");
        await ShouldWorkAsync(parcels);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_store_that_is_removed_completely_comes_back_partitioned(
        EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(
            mode, identity, options => options.AutoCreateSchemaObjects = AutoCreate.CreateOrUpdate);
        await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Here")], [new ParcelDelivered()]);
        await parcels.Store.Advanced.Clean.CompletelyRemoveAllAsync();
        (await parcels.DataSource.ColumnAsync<string>(
            "SELECT relname::text FROM pg_class WHERE relname LIKE 'mt\\_%' OR relname LIKE 'event\\_store\\_%'"))
            .ShouldBeEmpty();

        await ShouldWorkAsync(parcels);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_store_whose_data_is_reset_goes_on(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Here")], [new ParcelDelivered()]);
        await parcels.Store.Advanced.ResetAllData();

        await ShouldWorkAsync(parcels);
    }

    private static async Task ShouldWorkAsync(ParcelStore parcels)
    {
        parcels.Clock.Now = Months.Boundary.AddMinutes(1);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));
        await using var session = parcels.Session();
        (await stream.FetchAsync(session)).Select(e => e.Sequence).ShouldBe([1, 2]);
        (await parcels.LeavesAsync()).ShouldBe([Months.Leaf(1), Months.Leaf(1)]);
        await parcels.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }
}
