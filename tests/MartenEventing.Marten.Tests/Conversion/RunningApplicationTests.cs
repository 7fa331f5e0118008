using System.Collections.Concurrent;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Exceptions;
using MartenEventing.Conversion;
using MartenEventing.Marten;
using MartenEventing.Schema;
using MartenEventing.TestSupport;
using Weasel.Core;
using StreamIdentity = JasperFx.Events.StreamIdentity;

namespace MartenEventing.Tests.Conversion;

/// <summary>
/// A Marten application with the extension, told to run on the plain table as long as there is one, goes on writing,
/// projecting and subscribing while its store is converted and taken back.
/// </summary>
public sealed class RunningApplicationTests
{
    private const int Writers = 3;

    /// <summary>The mode without locks of Marten's; with MARTEN_EVENTING_FULL=1 the others, too.</summary>
    public static TheoryData<EventAppendMode, StreamIdentity> Applications => Effort.IsFull
        ? new()
        {
            { EventAppendMode.Rich, StreamIdentity.AsGuid }, { EventAppendMode.Quick, StreamIdentity.AsString },
            { EventAppendMode.QuickWithServerTimestamps, StreamIdentity.AsGuid },
        }
        : new() { { EventAppendMode.Quick, StreamIdentity.AsString } };

    [Theory]
    [MemberData(nameof(Applications))]
    public async Task it_meets_no_error_and_a_restarted_one_finds_its_schema_in_order(
        EventAppendMode mode, StreamIdentity identity)
    {
        var recorder = new SequenceRecorder();
        var extended = false;
        await using var parcels = await ParcelStore.CreateAsync(
            mode,
            identity,
            options =>
            {
                if (extended)
                    options.UseTimePartitionedEvents(events => events.WhenPlain = PlainStorePolicy.RunPlain);
                options.Events.RegisterTagType<ParcelCode>("code");
                options.Projections.Add(new DepotScansProjection(), ProjectionLifecycle.Async);
                options.Events.Subscribe(recorder);
            },
            plain: true);
        var shared = await parcels.StartAsync(new ParcelScanned("A"));
        extended = true;
        using var daemon = await parcels.Another(TimeProvider.System).BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        var acknowledged = new ConcurrentBag<Guid>();
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var store = parcels.Another(new ScatteredClock(writer));
            while (!stop.IsCancellationRequested)
                await WriteAsync(store, writer == 0 ? parcels.NewStream() : shared, acknowledged);
        })).ToList();

        var conversion = new StoreConversion(
            parcels.DataSource,
            options: new ConversionOptions { LockBackOff = TimeSpan.FromMilliseconds(20), BatchShare = 1 });
        foreach (var (call, layout) in (IEnumerable<(Func<CancellationToken, Task<ConversionStatus>>, StoreLayout)>)
        [
            (conversion.StartAsync, StoreLayout.Partitioned), (conversion.RollbackAsync, StoreLayout.Plain),
            (conversion.StartAsync, StoreLayout.Partitioned), (conversion.SplitAsync, StoreLayout.Partitioned),
            (conversion.CompleteAsync, StoreLayout.Partitioned), (conversion.RevertAsync, StoreLayout.Plain),
        ])
        {
            await MoreAsync(acknowledged, writers);
            (await call(CancellationToken.None)).Layout.ShouldBe(layout);
            await MoreAsync(acknowledged, writers);
            var restarted = parcels.Another(TimeProvider.System);
            await restarted.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
            (await restarted.Storage.Database.ApplyAllConfiguredChangesToDatabaseAsync())
                .ShouldBe(SchemaPatchDifference.None);
        }

        await stop.CancelAsync();
        await Task.WhenAll(writers);
        await daemon.WaitForNonStaleData(TimeSpan.FromMinutes(1));
        await ShouldBeWholeAsync(parcels, acknowledged, recorder);
    }

    private static Task MoreAsync(ConcurrentBag<Guid> acknowledged, List<Task> writers)
    {
        var known = acknowledged.Count;
        return Until.TrueAsync(() => Task.FromResult(
            acknowledged.Count > known + 20 || writers.Any(writer => writer.IsCompleted)));
    }

    private static async Task WriteAsync(IDocumentStore store, ParcelStream stream, ConcurrentBag<Guid> acknowledged)
    {
        await using var session = store.LightweightSession();
        IEvent[] written =
            [session.Events.BuildEvent(new ParcelScanned("A")), session.Events.BuildEvent(new ParcelScanned("A"))];
        written[0].WithTag(new ParcelCode("c"));
        try
        {
            stream.Append(session, [.. written]);
            await session.SaveChangesAsync();
            foreach (var @event in written)
                acknowledged.Add(@event.Id);
        }
        catch (ConcurrencyException)
        {
            // The other writer of this stream came first.
        }
    }

    private static async Task ShouldBeWholeAsync(
        ParcelStore parcels, ConcurrentBag<Guid> acknowledged, SequenceRecorder recorder)
    {
        var stored = await parcels.DataSource.ColumnAsync<Guid>("SELECT id FROM mt_events WHERE type <> 'tombstone'");
        stored.Count.ShouldBe(acknowledged.Count + 1);
        acknowledged.Except(stored).ShouldBeEmpty();
        recorder.Sequences.ShouldBe(
            await parcels.DataSource.ColumnAsync<long>("SELECT seq_id FROM mt_events ORDER BY 1"));
        await using var session = parcels.Session();
        (await session.LoadAsync<DepotScans>("A"))!.Scans.ShouldBe(stored.Count);
        (await parcels.DataSource.ScalarAsync<long>(
            """
            SELECT count(*) FROM mt_streams s JOIN (
                   SELECT stream_id, count(*) n, max(version) m FROM mt_events
                    WHERE type <> 'tombstone' GROUP BY stream_id) e ON e.stream_id = s.id
             WHERE (e.n, e.m) <> (s.version, s.version)
            """)).ShouldBe(0);
        (await parcels.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_event_tag_code")).ShouldBe(
            acknowledged.Count / 2);
    }
}
