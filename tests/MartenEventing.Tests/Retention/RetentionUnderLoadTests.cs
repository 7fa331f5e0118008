using System.Collections.Concurrent;
using System.Diagnostics;
using MartenEventing.Retention;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.Tests.Guard;
using MartenEventing.Tests.Partitioning;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;
using static MartenEventing.Tests.Retention.RetentionStore;

namespace MartenEventing.Tests.Retention;

/// <summary>
/// Eight writers, a reader and a projection that lags are at work throughout. To wait for a lock longer than five
/// seconds is an error; how long the longest append took is printed.
/// </summary>
public sealed class RetentionUnderLoadTests(ITestOutputHelper output)
{
    private const int Old = 12_000;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<long> _seen = new();
    private long _appended;
    private long _reads;
    private long _longestTicks;

    [Fact]
    public async Task nobody_meets_an_error_or_half_a_stream_and_the_projection_sees_every_event()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-7);
        await store.ExecuteAsync(await File.ReadAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, "Guard", "append_event_by_event.sql")));
        await store.FillAsync(Month(-7), (Month(-1) - Month(-7)) / Old, Old);
        await store.ExecuteAsync("INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('Parcels:All', 0)");
        var before = await store.ColumnAsync<long>("SELECT seq_id FROM mt_events ORDER BY seq_id");
        using var stop = new CancellationTokenSource();
        List<Task> work = [.. Enumerable.Range(0, 8).Select(number => WriteAsync(store, number, stop.Token))];
        work.Add(ReadAsync(store, stop.Token));

        var gated = 0;
        Task? projecting = null;
        while (true)
        {
            var report = await store.Retention(ThreeMonths with { BatchShare = 0.5 }).ApplyAsync();
            output.WriteLine(
                string.Join(", ", report.Expired.Select(p => $"{p.Name}: {p.Removed} removed, {p.Carried} carried, "
                + $"{p.Held.TotalMilliseconds:0} ms")) + string.Join(", ", report.Gates.Select(gate => gate.Reason)));
            if (report.Gates.Count == 0)
                break;
            gated++;
            projecting ??= ProjectAsync(store, before[^1]);
        }

        await projecting!;
        var (appended, reads) = (Interlocked.Read(ref _appended), Interlocked.Read(ref _reads));
        await stop.CancelAsync();
        await Task.WhenAll(work);
        var longest = TimeSpan.FromTicks(_longestTicks);
        output.WriteLine(
            $"{appended} appends, {reads} reads, longest append {longest}, kept for the projection {gated} times");
        _errors.ShouldBeEmpty();
        (appended, reads).ShouldSatisfyAllConditions(
            n => n.appended.ShouldBeGreaterThan(100), n => n.reads.ShouldBeGreaterThan(1));
        gated.ShouldBeGreaterThan(0);
        _seen.ShouldBe(before);
        (await store.LayoutAsync())[1].ShouldStartWith(MonthName(-3));
        (await store.ScalarAsync<long>(
            "SELECT count(*) FROM mt_events e WHERE NOT EXISTS (SELECT FROM mt_streams s WHERE s.id = e.stream_id)"))
                .ShouldBe(0);
        await store.ShouldBeTidyAsync();
    }

    /// <summary>
    /// Most append to streams of their own; one to old ones, which may be gone at any moment; one masks old events.
    /// </summary>
    private Task WriteAsync(StoreDatabase store, int number, CancellationToken stop) =>
        LoopAsync(store, stop, async connection =>
    {
        var started = Stopwatch.GetTimestamp();
        if (number == 0)
            await connection.RunAsync(
                "UPDATE mt_events SET data = '2' WHERE seq_id = (SELECT min(seq_id) FROM mt_events)");
        else if (number == 1 && Random.Shared.Next(20) == 0)
            await AppendToOldAsync(connection);
        else
            await connection.RunAsync(
                "SELECT append_event_by_event($1, array_fill(clock_timestamp(), ARRAY[2]))", Guid.NewGuid());
        Max(Stopwatch.GetElapsedTime(started).Ticks);
        Interlocked.Increment(ref _appended);
    });

    private static async Task AppendToOldAsync(NpgsqlConnection connection)
    {
        try
        {
            await connection.RunAsync(
                """
                SELECT append_event_by_event(id, array_fill(clock_timestamp(), ARRAY[1]))
                  FROM mt_streams TABLESAMPLE SYSTEM (20) WHERE timestamp < now() - interval '3 months' LIMIT 1
                """);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            // The stream was removed in this moment.
        }
    }

    private Task ReadAsync(StoreDatabase store, CancellationToken stop) => LoopAsync(store, stop, async connection =>
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT count(*) FROM (SELECT FROM mt_events GROUP BY stream_id
                                  HAVING count(*) <> max(version) OR min(version) <> 1) e
            """, connection);
        if ((long)(await command.ExecuteScalarAsync(CancellationToken.None))! is > 0 and var halves)
            _errors.Enqueue($"{halves} streams were read in part");
        Interlocked.Increment(ref _reads);
    });

    /// <summary>A page after the other, slower than retention.</summary>
    private async Task ProjectAsync(StoreDatabase store, long last)
    {
        for (var at = 0L; at < last;)
        {
            var page = await store.ColumnAsync<long>(
                "SELECT seq_id FROM mt_events WHERE seq_id > $1 AND seq_id <= $2 ORDER BY seq_id LIMIT 500", at, last);
            page.ForEach(_seen.Enqueue);
            at = page[^1];
            await store.ExecuteAsync("UPDATE mt_event_progression SET last_seq_id = $1 WHERE name = 'Parcels:All'", at);
        }

        await store.ExecuteAsync(
            "UPDATE mt_event_progression SET last_seq_id = $1 WHERE name = 'Parcels:All'", long.MaxValue);
    }

    private async Task LoopAsync(StoreDatabase store, CancellationToken stop, Func<NpgsqlConnection, Task> work)
    {
        try
        {
            await using var connection = await store.DataSource.OpenConnectionAsync(CancellationToken.None);
            await connection.RunAsync("SET lock_timeout = '5s'");
            while (!stop.IsCancellationRequested)
                await work(connection);
        }
        catch (Exception error)
        {
            _errors.Enqueue(error.ToString());
        }
    }

    private void Max(long ticks)
    {
        for (var known = Interlocked.Read(ref _longestTicks); ticks > known; known = Interlocked.Read(
            ref _longestTicks))
            Interlocked.CompareExchange(ref _longestTicks, ticks, known);
    }
}
