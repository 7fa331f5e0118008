using System.Collections.Concurrent;
using System.Diagnostics;
using MartenEventing.Tests.Guard;
using MartenEventing.Tests.Postgres;
using Npgsql;

namespace MartenEventing.Tests.Conversion;

/// <summary>
/// An application at work: writers as Marten's Rich and Quick modes write, and a reader that counts all events again and
/// again and knows what was acknowledged.
/// </summary>
internal sealed class LiveLoad : IAsyncDisposable
{
    private readonly StoreDatabase _database;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentDictionary<Guid, bool> _acknowledged = new();
    private readonly List<Task> _work = [];
    private readonly long _before;
    private long _begun;
    private long _done;
    private long _longestTicks;
    private long _reads;

    private LiveLoad(StoreDatabase database, long before)
    {
        _database = database;
        _before = before;
    }

    /// <summary>What a writer or reader met that it should not have.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    public long Acknowledged => Interlocked.Read(ref _done);

    /// <summary>How long the slowest append took.</summary>
    public TimeSpan LongestAppend => TimeSpan.FromTicks(Interlocked.Read(ref _longestTicks));

    public static async Task<LiveLoad> StartAsync(PlainStore store, int writers = 4)
    {
        await store.Database.ExecuteAsync(await File.ReadAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, "Guard", "append_event_by_event.sql")));
        var load = new LiveLoad(store.Database, await store.CountAsync());
        for (var i = 0; i < writers; i++)
        {
            var rich = i % 2 == 0;
            load._work.Add(Task.Run(() => load.WriteAsync(rich)));
        }

        load._work.Add(Task.Run(load.ReadAsync));
        await load.ProgressAsync();
        return load;
    }

    /// <summary>Waits until appends and reads have gone on.</summary>
    public async Task ProgressAsync()
    {
        var (done, reads) = (Acknowledged, Interlocked.Read(ref _reads));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (_errors.IsEmpty && (Acknowledged < done + 20 || Interlocked.Read(ref _reads) < reads + 2))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public void ForgetLongest() => Interlocked.Exchange(ref _longestTicks, 0);

    /// <summary>Stops, and asserts that nothing went wrong and nothing acknowledged is missing.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_work);
        _errors.ShouldBeEmpty();
        var stored = await _database.ColumnAsync<Guid>("SELECT id FROM mt_events");
        stored.Count.ShouldBe(stored.Distinct().Count());
        _acknowledged.Keys.Except(stored).ShouldBeEmpty();
        stored.Count.ShouldBe((int)(_before + Acknowledged));
        (await _database.ScalarAsync<long>(
            """
            SELECT count(*) FROM mt_streams s JOIN (
                   SELECT stream_id, count(*) n, max(version) m FROM mt_events GROUP BY stream_id) e ON e.stream_id = s.id
             WHERE (e.n, e.m) <> (s.version, s.version)
            """)).ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_work);
        _stop.Dispose();
    }

    private Task WriteAsync(bool rich) => WatchAsync(async connection =>
    {
        var stream = Guid.NewGuid();
        for (var version = 0; version < 20 && !_stop.IsCancellationRequested; version += 2)
        {
            Interlocked.Add(ref _begun, 2);
            var started = Stopwatch.GetTimestamp();
            if (rich)
                await RichAsync(connection, stream, version);
            else
                await connection.RunAsync(
                    "SELECT append_event_by_event($1, array_fill(clock_timestamp(), ARRAY[2]))", stream);
            Max(Stopwatch.GetElapsedTime(started).Ticks);
            Interlocked.Add(ref _done, 2);
        }
    });

    private async Task RichAsync(NpgsqlConnection connection, Guid stream, int version)
    {
        Guid[] ids = [Guid.NewGuid(), Guid.NewGuid()];
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.RunAsync(
            version == 0
                ? "INSERT INTO mt_streams (id, version) VALUES ($1, $2)"
                : "UPDATE mt_streams SET version = $2 WHERE id = $1", stream, (long)version + 2);
        for (var i = 0; i < ids.Length; i++)
        {
            await connection.RunAsync(
                "INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp) "
                + "VALUES (nextval('mt_events_sequence'), $1, $2, $3, '{}', 'scanned', clock_timestamp())",
                ids[i], stream, (long)version + i + 1);
        }

        await transaction.CommitAsync();
        foreach (var id in ids)
            _acknowledged[id] = true;
    }

    private Task ReadAsync() => WatchAsync(async connection =>
    {
        var least = _before + Acknowledged;
        await using var command = new NpgsqlCommand("SELECT count(*), count(DISTINCT seq_id) FROM mt_events", connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var (all, distinct, most) = (reader.GetInt64(0), reader.GetInt64(1), _before + Interlocked.Read(ref _begun));
        if (all != distinct || all < least || all > most)
            _errors.Enqueue($"read {all} events, {distinct} distinct, not between {least} and {most}");
        Interlocked.Increment(ref _reads);
    });

    private async Task WatchAsync(Func<NpgsqlConnection, Task> work)
    {
        try
        {
            await using var connection = await _database.DataSource.OpenConnectionAsync();
            while (!_stop.IsCancellationRequested)
                await work(connection);
        }
        catch (Exception error)
        {
            _errors.Enqueue(error.ToString());
        }
    }

    private void Max(long ticks)
    {
        for (var known = Interlocked.Read(ref _longestTicks); ticks > known; known = Interlocked.Read(ref _longestTicks))
            Interlocked.CompareExchange(ref _longestTicks, ticks, known);
    }
}
