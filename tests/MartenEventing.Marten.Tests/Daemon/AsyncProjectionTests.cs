using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;

namespace MartenEventing.Tests.Daemon;

public sealed class AsyncProjectionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task what_was_written_before_and_while_the_daemon_runs_is_projected(
        EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity, Configure);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));
        using var daemon = await parcels.Store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        parcels.Clock.Now = Months.Boundary.AddMinutes(1);
        await parcels.SaveAsync(session => stream.Append(session, new ParcelScanned("A"), new ParcelDelivered()));
        await parcels.StartAsync(new ParcelScanned("B"));
        await daemon.WaitForNonStaleData(Patience);

        await using var session = parcels.Session();
        var parcel = stream.Key is null
            ? (IParcel?)await session.LoadAsync<Parcel>(stream.Id)
            : await session.LoadAsync<NamedParcel>(stream.Key);
        (parcel!.Scans, parcel.Delivered, parcel.Version).ShouldBe((2, true, 4));
        (await session.LoadAsync<DepotScans>("A"))!.Scans.ShouldBe(2);
        (await session.LoadAsync<DepotScans>("B"))!.Scans.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task the_latest_state_runs_ahead_of_the_daemon(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity, Configure);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));
        using (var daemon = await parcels.Store.BuildProjectionDaemonAsync())
        {
            await daemon.StartAllAsync();
            await daemon.WaitForNonStaleData(Patience);
            await daemon.StopAllAsync();
        }

        parcels.Clock.Now = Months.Boundary.AddMinutes(1);
        await parcels.SaveAsync(session => stream.Append(session, new ParcelScanned("B")));
        await using var reader = parcels.Session();
        (await stream.FetchLatestAsync(reader))!.Scans.ShouldBe(2);
        await using var writer = parcels.Session();
        (await stream.FetchForWritingAsync(writer)).Parcel!.Scans.ShouldBe(2);
    }

    [Theory, MemberData(nameof(Ways.WithClientTime), MemberType = typeof(Ways))]
    public async Task events_are_projected_in_the_order_they_were_written_whatever_their_months(
        EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity, Configure);
        foreach (var month in (int[])[2, -3, 1, 30, 0])
        {
            parcels.Clock.Now = Months.Middle(month);
            await parcels.StartAsync(new ParcelScanned("A"), new ParcelScanned("B"));
        }

        using var daemon = await parcels.Store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleData(Patience);
        await using var session = parcels.Session();
        (await session.LoadAsync<DepotScans>("A"))!.Scans.ShouldBe(5);
        (await parcels.Store.Advanced.AllProjectionProgress()).ShouldAllBe(shard => shard.Sequence == 10);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_rebuild_reads_all_months_again(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity, Configure);
        await parcels.StartAcrossBoundaryAsync([new ParcelScanned("A")], [new ParcelScanned("A")]);
        using var daemon = await parcels.Store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleData(Patience);
        await parcels.DataSource.ExecuteAsync("UPDATE mt_doc_depotscans SET data = jsonb_set(data, '{Scans}', '7')");

        await daemon.RebuildProjectionAsync<DepotScansProjection>(CancellationToken.None);
        await using var session = parcels.Session();
        (await session.LoadAsync<DepotScans>("A"))!.Scans.ShouldBe(2);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task one_stream_is_rebuilt_from_all_its_months(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(
            mode, identity, options => options.SnapshotParcels(SnapshotLifecycle.Inline));
        var stream = await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Here")], [new ParcelScanned("A")]);
        var table = stream.Key is null ? "mt_doc_parcel" : "mt_doc_namedparcel";
        await parcels.DataSource.ExecuteAsync($"DELETE FROM {table}");
        await (stream.Key is null
            ? parcels.Store.Advanced.RebuildSingleStreamAsync<Parcel>(stream.Id)
            : parcels.Store.Advanced.RebuildSingleStreamAsync<NamedParcel>(stream.Key));

        (await parcels.DataSource.ScalarAsync<string>($"SELECT data ->> 'Scans' FROM {table}")).ShouldBe("1");
    }

    [Theory, InlineData(StreamIdentity.AsGuid), InlineData(StreamIdentity.AsString)]
    public async Task the_daemon_passes_the_tombstones_of_a_failed_append(StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(EventAppendMode.Rich, identity, Configure);
        await parcels.StartAsync(new ParcelScanned("A"));
        await Should.ThrowAsync<Exception>(parcels.SaveAsync(session =>
        {
            parcels.NewStream().Append(session, new ParcelScanned("A"));
            session.QueueSqlCommand("SELECT 1 / 0");
        }));
        await parcels.StartAsync(new ParcelScanned("A"));

        using var daemon = await parcels.Store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleData(Patience);
        await using var session = parcels.Session();
        (await session.LoadAsync<DepotScans>("A"))!.Scans.ShouldBe(2);
    }

    [Fact]
    public async Task the_daemon_passes_a_gap_in_the_sequence()
    {
        await using var parcels = await ParcelStore.CreateAsync(configure: options =>
        {
            Configure(options);
            options.Projections.StaleSequenceThreshold = TimeSpan.FromMilliseconds(200);
        });
        await parcels.StartAsync(new ParcelScanned("A"));
        await parcels.DataSource.ExecuteAsync("SELECT nextval('mt_events_sequence')");
        await parcels.StartAsync(new ParcelScanned("A"));

        using var daemon = await parcels.Store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleData(Patience);
        await using var session = parcels.Session();
        (await session.LoadAsync<DepotScans>("A"))!.Scans.ShouldBe(2);
    }

    private static void Configure(StoreOptions options)
    {
        options.SnapshotParcels(SnapshotLifecycle.Async);
        options.Projections.Add(new DepotScansProjection(), ProjectionLifecycle.Async);
    }
}
