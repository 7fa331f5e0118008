using JasperFx.Events;
using JasperFx.Events.Projections;

namespace MartenEventing.Tests.Events;

public sealed class StrongTypedIdTests
{
    public static TheoryData<EventAppendMode> Modes => [.. Ways.Modes];

    [Theory, MemberData(nameof(Modes))]
    public async Task an_aggregate_may_have_an_id_of_its_own_type(EventAppendMode mode)
    {
        await using var parcels = await ParcelStore.CreateAsync(
            mode, configure: options => options.Projections.Snapshot<NumberedParcel>(SnapshotLifecycle.Inline));
        var stream = await parcels.StartAcrossBoundaryAsync([new ParcelScanned("A")], [new ParcelScanned("B")]);

        await using var session = parcels.Session();
        var writing = await session.Events.FetchForWriting<NumberedParcel>(stream.Id);
        (writing.Aggregate!.Id, writing.Aggregate.Scans).ShouldBe((new ParcelNumber(stream.Id), 2));
        writing.AppendOne(new ParcelScanned("C"));
        await session.SaveChangesAsync();

        (await session.LoadAsync<NumberedParcel>(new ParcelNumber(stream.Id)))!.Scans.ShouldBe(3);
    }

    [Fact]
    public async Task the_tag_table_that_Marten_makes_for_such_an_id_refers_to_no_events()
    {
        await using var parcels = await ParcelStore.CreateAsync(
            configure: options => options.Projections.Snapshot<NumberedParcel>(SnapshotLifecycle.Inline));

        (await parcels.DataSource.ColumnAsync<string>(
            "SELECT relname::text FROM pg_class WHERE relname LIKE 'mt\\_event\\_tag\\_%' AND relkind = 'r'"))
            .ShouldNotBeEmpty();
        (await parcels.DataSource.ScalarAsync<long>(
            "SELECT count(*) FROM pg_constraint WHERE confrelid = 'mt_events'::regclass")).ShouldBe(0);
        await parcels.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }
}
