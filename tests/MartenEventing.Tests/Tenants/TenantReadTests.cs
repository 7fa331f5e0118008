using MartenEventing.Events;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.Tests.Events;
using MartenEventing.Tests.Partitioning;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Tenants;

/// <summary>What reads of one tenant touch.</summary>
public sealed class TenantReadTests
{
    [Fact]
    public async Task a_query_with_tenant_and_time_touches_that_tenants_month_only()
    {
        await using var store = await TenantStore.CreateAsync();
        foreach (var tenant in new[] { "acme", "other" })
            await store.DataSource.AppendAsync(Guid.NewGuid(), Month(1), count: 3, tenant: tenant);

        var plan = await store.ColumnAsync<string>(
            $"""
             EXPLAIN (COSTS OFF) SELECT * FROM mt_events
              WHERE tenant_id = 'acme' AND timestamp >= '{Month(1):yyyy-MM-dd}+00'
                  AND timestamp < '{Month(2):yyyy-MM-dd}+00'
             """);

        string.Join('\n', plan).ShouldContain($"{await store.PartAsync("acme")}_m{Month(1):yyyyMM} ");
        plan.Count(line => line.Contains(" on mt_events", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task stores_of_two_tenants_read_what_is_theirs()
    {
        await using var database = await TenantStore.CreateAsync();
        var (ours, theirs) = (database.StoreOf("ours"), database.StoreOf("theirs"));
        StreamId stream = Guid.CreateVersion7();
        (await ours.ReadPageAsync(0, 10)).Events.ShouldBeEmpty();
        (await ours.LoadStreamAsync(stream)).ShouldBeEmpty();

        await theirs.AppendAsync(stream, ExpectedVersion.NoStream, Parcel.Scans(3));
        (await ours.LoadStreamAsync(stream)).ShouldBeEmpty();
        await database.FillMonthsAsync(ours, 10);
        await ours.AppendAsync(stream, ExpectedVersion.NoStream, Parcel.Scans(2));
        await ours.AppendAsync(stream, 2, [Parcel.ScannedAt(Month(3)), Parcel.ScannedAt(Month(-3))]);

        (await ours.LoadStreamAsync(stream)).Select(found => found.Version).ShouldBe([1, 2, 3, 4]);
        (await theirs.LoadStreamAsync(stream)).Select(found => (found.Version, found.TenantId))
            .ShouldBe([(1, "theirs"), (2, "theirs"), (3, "theirs")]);
        (await ours.ReadPageAsync(0, 100)).Events.Count.ShouldBe(44);
        (await ours.ReadAllAsync().CountAsync()).ShouldBe(44);
        (await theirs.QueryAsync(new EventQuery { Types = ["parcel_scanned"] })).Events.Count.ShouldBe(3);
        (await ours.QueryAsync(new EventQuery { From = Month(1), To = Month(2) })).Events.Count.ShouldBe(10);
        await Should.ThrowAsync<StreamVersionConflictException>(ours.AppendAsync(stream, 3, Parcel.Scans(1)));
    }
}
