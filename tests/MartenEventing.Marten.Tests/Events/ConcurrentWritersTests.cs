using System.Collections.Concurrent;
using JasperFx;
using JasperFx.Events;
using Marten;
using Marten.Exceptions;

namespace MartenEventing.Tests.Events;

/// <summary>Several writers on few streams, all ways of appending mixed, on both sides of a boundary.</summary>
public sealed class ConcurrentWritersTests
{
    private const int Writers = 6;
    private const int AppendsEach = 25;

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task what_was_acknowledged_is_there_and_no_version_is_missing(
        EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var streams = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => parcels.StartAsync(new ParcelRegistered("Here"))));
        var acknowledged = new ConcurrentBag<Guid>();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(
            () => WriteAsync(parcels.Another(new ScatteredClock(writer)), streams, new Random(writer), acknowledged))));

        var stored = await parcels.DataSource.ColumnAsync<Guid>(
            "SELECT id FROM mt_events WHERE type = 'parcel_scanned' ORDER BY id");
        stored.ToHashSet().SetEquals(acknowledged).ShouldBeTrue();
        acknowledged.Count.ShouldBeGreaterThan(Writers * AppendsEach / 4);
        foreach (var stream in streams)
        {
            (await parcels.DataSource.ScalarAsync<bool>(
                """
                SELECT array_agg(e.version ORDER BY e.version)
                       = ARRAY(SELECT generate_series(1, (SELECT version FROM mt_streams WHERE id = $1)))
                  FROM mt_events e WHERE e.stream_id = $1
                """, stream.Value)).ShouldBeTrue();
        }
    }

    private static async Task WriteAsync(
        IDocumentStore store, ParcelStream[] streams, Random random, ConcurrentBag<Guid> acknowledged)
    {
        for (var i = 0; i < AppendsEach; i++)
        {
            await using var session = store.LightweightSession();
            var written = Enumerable.Range(0, random.Next(1, 4))
                .Select(_ => session.Events.BuildEvent(new ParcelScanned("A"))).ToArray();
            try
            {
                await AppendAsync(session, streams[random.Next(streams.Length)], written, random.Next(5));
                await session.SaveChangesAsync();
                foreach (var @event in written)
                    acknowledged.Add(@event.Id);
            }
            catch (Exception refused) when (refused is ConcurrencyException or MartenException)
            {
                // Somebody else came first, or a deadlock was resolved, as on a plain table: exclusive and quick
                // appends take the stream and the version in opposite order. Nothing of this append may be there.
            }
        }
    }

    private static async Task AppendAsync(IDocumentSession session, ParcelStream stream, IEvent[] written, int way)
    {
        switch (way)
        {
            case 0:
                stream.Append(session, [.. written]);
                break;
            case 1:
                await stream.AppendOptimisticAsync(session, [.. written]);
                break;
            case 2:
                await stream.AppendExclusiveAsync(session, [.. written]);
                break;
            default:
                var writing = way == 3
                    ? await stream.FetchForWritingAsync(session)
                    : await stream.FetchForExclusiveWritingAsync(session);
                foreach (var @event in written)
                    writing.Append(@event);
                break;
        }
    }
}
