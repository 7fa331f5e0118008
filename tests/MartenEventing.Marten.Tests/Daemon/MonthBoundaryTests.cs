using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten.Exceptions;
using MartenEventing.Maintenance;
using MartenEventing.Marten.Maintenance;

namespace MartenEventing.Tests.Daemon;

/// <summary>Months pass while writers write, the daemon reads and maintenance makes and seals partitions.</summary>
public sealed class MonthBoundaryTests
{
    private const int Writers = 3;
    private const int Months = 4;

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task no_event_is_skipped_and_none_is_seen_twice(EventAppendMode mode, StreamIdentity identity)
    {
        var recorder = new SequenceRecorder();
        await using var parcels = await ParcelStore.CreateAsync(mode, identity, options =>
        {
            options.Projections.Add(new DepotScansProjection(), ProjectionLifecycle.Async);
            options.Events.Subscribe(recorder);
        });
        var stream = await parcels.StartAsync(new ParcelScanned("A"));
        using var daemon = await parcels.Store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();

        using var stop = new CancellationTokenSource();
        var written = 0;
        var writers = Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await WriteAsync(parcels, writer == 0 ? stream : parcels.NewStream());
                Interlocked.Increment(ref written);
            }
        })).ToList();
        await MaintainAsync(parcels, until: events => Until.TrueAsync(
            () => Task.FromResult(Volatile.Read(ref written) >= events || writers.Any(writer => writer.IsFaulted))));
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        await daemon.WaitForNonStaleData(TimeSpan.FromMinutes(2));

        var sequences = await parcels.DataSource.ColumnAsync<long>("SELECT seq_id FROM mt_events ORDER BY seq_id");
        recorder.Sequences.ShouldBe(sequences);
        await using var session = parcels.Session();
        (await session.LoadAsync<DepotScans>("A"))!.Scans.ShouldBe(sequences.Count);
        (await parcels.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_partitions() WHERE kind = 'month'"))
            .ShouldBeGreaterThanOrEqualTo(4 + Months);
        (await parcels.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_partitions() WHERE seal = 'sealed'"))
            .ShouldBeGreaterThanOrEqualTo(Months - 1);
    }

    /// <summary>A pass every five days, each after some more events.</summary>
    private static async Task MaintainAsync(ParcelStore parcels, Func<int, Task> until)
    {
        var maintenance = new PartitionMaintenance(parcels.Store, time: parcels.Clock);
        for (var pass = 1; pass <= Months * 6 + 2; pass++)
        {
            await until(pass * 6);
            parcels.Clock.Advance(TimeSpan.FromDays(5));
            await maintenance.RunAsync();
        }
    }

    private static async Task WriteAsync(ParcelStore parcels, ParcelStream stream)
    {
        try
        {
            await parcels.SaveAsync(session => stream.Append(session, new ParcelScanned("A"), new ParcelScanned("A")));
        }
        catch (Exception refused) when (refused is ConcurrencyException or MartenException)
        {
            // Two writers met. What matters is what is there.
        }
    }
}
