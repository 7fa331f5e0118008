using MartenEventing.Check;
using MartenEventing.Events;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.Tests.Events;

namespace MartenEventing.Tests.Check;

/// <summary>A store whose events are brought into another one.</summary>
internal static class MovedStore
{
    /// <summary>Streams over four months, some of them longer than a month, the oldest months sealed.</summary>
    public static async Task<StoreDatabase> FilledAsync(StoreLayout layout, EventTenancy tenancy = EventTenancy.Single)
    {
        var store = await EmptyAsync(layout, tenancy);
        await WriteAsync(store, 1, 20);
        if (layout == StoreLayout.Partitioned)
            foreach (var month in new[] { -3, -2 })
                await store.SealAsync(SampleEvents.MonthName(month));
        return store;
    }

    public static Task<StoreDatabase> EmptyAsync(StoreLayout layout, EventTenancy tenancy = EventTenancy.Single) =>
        layout == StoreLayout.Partitioned
            ? StoreDatabase.OfMonthsAsync(-3, tenancy)
            : StoreDatabase.CreateAsync(layout: layout, tenancy: tenancy);

    /// <summary>Appends to streams by their numbers: in turn one of each month, and one of now.</summary>
    public static async Task WriteAsync(StoreDatabase store, int first, int count)
    {
        var events = new PostgresEventStore(store.DataSource);
        for (var stream = first; stream < first + count; stream++)
            foreach (var month in new[] { -3 + stream % 4, 0 })
                await events.AppendAsync(
                    Retention.RetentionStore.Id(stream), ExpectedVersion.Any,
                    [Parcel.ScannedAt(SampleEvents.Month(month)),
                        Parcel.ScannedAt(SampleEvents.Month(month).AddHours(1))]);
    }

    /// <summary>A hash of all that is known of all events and streams.</summary>
    public static Task<string> HashAsync(this StoreDatabase store) => store.ScalarAsync<string>(
        """
        SELECT concat_ws(' ', count(*), md5(string_agg(e::text, ',' ORDER BY e.seq_id)),
                         (SELECT md5(string_agg(s::text, ',' ORDER BY s.id))
                            FROM (SELECT id, version, created, timestamp, tenant_id, is_archived FROM mt_streams) s))
          FROM (SELECT seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, headers,
              is_archived
                  FROM mt_events) e
        """);

    /// <summary>
    /// All events are there as they were; what is wrong is told and mended; and then nothing is wrong, every stream is
    /// read whole, and retention keeps the living ones.
    /// </summary>
    public static async Task ShouldEqualAsync(this StoreDatabase store, StoreDatabase origin, params string[] faults)
    {
        (await store.HashAsync()).ShouldBe(await origin.HashAsync());
        (await new StoreCheck(store.DataSource).CheckAsync()).Findings.Where(
            found => found is { IsFault: true, Found: > 0 })
            .Select(found => found.Check).ShouldBe(faults);

        (await store.RepairAsync()).Findings.ShouldAllBe(found => found.Found == 0);

        (await store.HashAsync()).ShouldBe(await origin.HashAsync());
        var reader = new PostgresEventStore(store.DataSource);
        foreach (var stream in await store.ColumnAsync<Guid>("SELECT id FROM mt_streams"))
        {
            var versions = new List<long>();
            await foreach (var found in reader.ReadStreamAsync(stream))
                versions.Add(found.Version);
            versions.ShouldBe([1, 2, 3, 4]);
        }

        await reader.AppendAsync(
            Retention.RetentionStore.Id(1), ExpectedVersion.Exact(4), [Parcel.ScannedAt(DateTimeOffset.UtcNow)]);
    }
}
