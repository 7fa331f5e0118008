using JasperFx.Events;
using Marten;
using Marten.Events;
using Marten.Linq;
using Npgsql;

namespace MartenEventing.Tests.Events;

/// <summary>LINQ over raw events.</summary>
public sealed class QueryTests
{
    [Fact]
    public async Task a_time_window_reads_the_months_it_touches_and_no_others()
    {
        await using var parcels = await ParcelStore.CreateAsync();
        var stream = await parcels.StartAcrossBoundaryAsync(
            [new ParcelRegistered("Here"), new ParcelScanned("A")], [new ParcelScanned("B")]);
        await parcels.DataSource.ExecuteAsync("ANALYZE mt_events");

        await using var session = parcels.Session();
        var window = session.Events.QueryAllRawEvents()
            .Where(e => e.Timestamp >= Months.Boundary && e.Timestamp < Months.Middle(2));
        (await window.ToListAsync()).ShouldHaveSingleItem().Data.ShouldBe(new ParcelScanned("B"));
        (await LeavesReadAsync(parcels, window)).ShouldBe([Months.Leaf(1), Months.Leaf(2)]);
    }

    [Fact]
    public async Task a_type_within_a_time_window_reads_the_months_it_touches_and_no_others()
    {
        await using var parcels = await ParcelStore.CreateAsync();
        await parcels.StartAcrossBoundaryAsync(
            [new ParcelRegistered("Here"), new ParcelScanned("A")], [new ParcelScanned("B")]);

        await using var session = parcels.Session();
        var window = session.Events.QueryAllRawEvents()
            .Where(e => e.EventTypesAre(typeof(ParcelScanned)) && e.Timestamp < Months.Boundary);
        (await window.ToListAsync()).ShouldHaveSingleItem().Data.ShouldBe(new ParcelScanned("A"));
        (await LeavesReadAsync(parcels, window)).ShouldBe(["mt_events_head", Months.Leaf(0)]);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task events_of_a_type_are_found_in_all_months(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        await parcels.StartAcrossBoundaryAsync(
            [new ParcelRegistered("Here"), new ParcelScanned("A")], [new ParcelScanned("B"), new ParcelDelivered()]);

        await using var session = parcels.Session();
        (await session.Events.QueryRawEventDataOnly<ParcelScanned>().Select(x => x.Depot).ToListAsync())
            .ShouldBe(["A", "B"], ignoreOrder: true);
        (await session.Events.QueryRawEventDataOnly<ParcelScanned>().CountAsync(x => x.Depot == "B")).ShouldBe(1);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task events_come_in_the_order_of_their_sequences(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        foreach (var month in (int[])[2, -1, 1, 0])
        {
            parcels.Clock.Now = Months.Middle(month);
            await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));
        }

        await using var session = parcels.Session();
        var page = await session.Events.QueryAllRawEvents().OrderBy(e => e.Sequence).Skip(2).Take(4).ToListAsync();
        page.Select(e => e.Sequence).ShouldBe([3, 4, 5, 6]);
        (await session.Events.QueryAllRawEvents().CountAsync()).ShouldBe(8);
    }

    [Fact]
    public async Task one_event_is_loaded_by_its_id()
    {
        await using var parcels = await ParcelStore.CreateAsync();
        var stream = await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Here")], [new ParcelScanned("B")]);
        await using var session = parcels.Session();
        var id = (await stream.FetchAsync(session))[1].Id;

        (await session.Events.LoadAsync<ParcelScanned>(id))!.Data.Depot.ShouldBe("B");
        (await session.Events.LoadAsync(id))!.Version.ShouldBe(2);
    }

    /// <summary>The partitions that the plan of a query names.</summary>
    private static async Task<IEnumerable<string>> LeavesReadAsync(ParcelStore parcels, IQueryable<IEvent> query)
    {
        await using var command = query.ToCommand();
        await using var connection = await parcels.DataSource.OpenConnectionAsync();
        await using var explain = new NpgsqlCommand("EXPLAIN " + command.CommandText, connection);
        foreach (NpgsqlParameter parameter in command.Parameters)
            explain.Parameters.Add(parameter.Clone());
        await using var reader = await explain.ExecuteReaderAsync();
        var plan = "";
        while (await reader.ReadAsync())
            plan += reader.GetString(0) + "\n";
        return (await parcels.DataSource.ColumnAsync<string>("SELECT name FROM mt_partitions() ORDER BY lower_bound"))
            .Where(leaf => plan.Contains(" on " + leaf + " ", StringComparison.Ordinal));
    }
}
