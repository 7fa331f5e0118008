using System.Collections.Concurrent;
using System.Diagnostics;
using MartenEventing.Events;

namespace MartenEventing.Cli.Demo.Live;

/// <summary>
/// Writers that append one event after the other to streams of their own, now and then one of a month long gone. The
/// store they use tries nothing twice, so that every error is seen.
/// </summary>
internal sealed class Writers
{
    public const int Count = 4;

    private const int EventsPerStream = 6;
    private const int OneOfSoManyIsLate = 10;
    private static readonly TimeSpan BetweenAppends = TimeSpan.FromMilliseconds(4);

    private readonly PostgresEventStore _store;
    private readonly TimeProvider _time;
    private readonly ConcurrentBag<Exception> _errors = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running;
    private long _begun;
    private long _acknowledged;
    private long _longest;

    private Writers(PostgresEventStore store, TimeProvider time)
    {
        (_store, _time) = (store, time);
        _running = [.. Enumerable.Range(0, Count).Select(seed => Task.Run(() => WriteAsync(new Random(seed))))];
    }

    /// <summary>Events whose append has begun, or is over.</summary>
    public long Begun => Interlocked.Read(ref _begun);

    /// <summary>Events that the database has acknowledged.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    public IReadOnlyCollection<Exception> Errors => _errors;

    public static Writers Start(PostgresEventStore store, TimeProvider time) => new(store, time);

    /// <summary>The longest append since this was last asked for.</summary>
    public TimeSpan TakeLongest() => new(Interlocked.Exchange(ref _longest, 0));

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    private async Task WriteAsync(Random random)
    {
        while (!_stop.IsCancellationRequested)
        {
            var parcel = new StreamId(Guid.CreateVersion7());
            var isStored = true;
            for (var version = 0; isStored && version < EventsPerStream && !_stop.IsCancellationRequested; version++)
            {
                isStored = await AppendAsync(parcel, version, Next(random));
                await Task.Delay(BetweenAppends, CancellationToken.None);
            }
        }
    }

    private NewEvent Next(Random random) => new("parcel_scanned", """{"depot": "HAM", "belt": 7}""")
    {
        Timestamp = random.Next(OneOfSoManyIsLate) == 0
            ? _time.GetUtcNow().AddDays(-random.Next(1, 900))
            : _time.GetUtcNow(),
    };

    private async Task<bool> AppendAsync(StreamId parcel, long version, NewEvent scanned)
    {
        Interlocked.Increment(ref _begun);
        var start = Stopwatch.GetTimestamp();
        try
        {
            await _store.AppendAsync(parcel, ExpectedVersion.Exact(version), [scanned], CancellationToken.None);
        }
        catch (Exception error)
        {
            _errors.Add(error);
            return false;
        }

        Interlocked.Increment(ref _acknowledged);
        Lengthen(Stopwatch.GetElapsedTime(start).Ticks);
        return true;
    }

    private void Lengthen(long ticks)
    {
        var known = Interlocked.Read(ref _longest);
        while (ticks > known && Interlocked.CompareExchange(ref _longest, ticks, known) is var seen && seen != known)
            known = seen;
    }
}
