using System.Collections.Concurrent;
using System.Diagnostics;
using MartenEventing.Maintenance;
using MartenEventing.Partitioning;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.Tests.Partitioning;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Maintenance;

public sealed class PolitenessTests
{
    private static readonly PartitionOptions Options = new()
    {
        LockTimeout = TimeSpan.FromMilliseconds(300),
        LockAttempts = 3,
        LockBackOff = TimeSpan.FromMilliseconds(100),
    };

    // A shared machine makes any statement wait for the processor now and then.
    private static readonly TimeSpan OfTheMachine = TimeSpan.FromMilliseconds(700);

    [Fact]
    public async Task with_writers_and_a_long_reader_it_gives_way_and_succeeds_when_the_reader_is_gone()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.FillAsync(Month(0), TimeSpan.FromHours(1), 3000);
        var pass = new MaintenancePass(store.DataSource, "public", Options, new TestClock(Month(6)));
        await using var writers = new Writers(store, count: 4, from: Month(0), to: Month(7));
        await using var reader = await store.DataSource.OpenConnectionAsync();
        await using var reading = await reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await new NpgsqlCommand("DECLARE c CURSOR FOR SELECT * FROM mt_events; FETCH 10 FROM c", reader)
            .ExecuteNonQueryAsync();

        var kept = await pass.RunAsync();

        kept.Steps.Where(s => s.Outcome != StepOutcome.Done).ShouldAllBe(s => s.Outcome != StepOutcome.Failed);
        kept.Steps[0].ShouldSatisfyAllConditions(
            s => s.Step.Kind.ShouldBe(PartitionStepKind.Provision),
            s => s.Outcome.ShouldBe(StepOutcome.GaveWay),
            s => s.SqlState.ShouldBe(PostgresErrorCodes.LockNotAvailable));
        kept.Steps.Count(s => s.Outcome == StepOutcome.Postponed).ShouldBeGreaterThan(0);
        (await new NpgsqlCommand("FETCH ALL FROM c", reader).ExecuteNonQueryAsync()).ShouldBe(-1);
        await reading.CommitAsync();

        var done = await pass.RunAsync();

        var longest = await writers.StopAsync();
        done.Steps[0].Outcome.ShouldBe(StepOutcome.Done);
        done.Absorbed.Count.ShouldBe(1);
        longest.ShouldBeLessThan(Options.LockTimeout + OfTheMachine);
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(3000 + writers.Written);
    }

    [Fact]
    public async Task who_reads_a_partition_by_its_name_and_then_the_whole_is_not_the_one_to_give_way()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var reader = await store.DataSource.OpenConnectionAsync();
        await using var reading = await reader.BeginTransactionAsync();
        await new NpgsqlCommand("SELECT FROM mt_events_tail", reader).ExecuteNonQueryAsync();
        var pass = new MaintenancePass(
            store.DataSource, "public", Options with { LockAttempts = 1 }, new TestClock(Month(1))).RunAsync();
        while (await store.ScalarAsync<long>(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
            + "WHERE d.datname = current_database() AND NOT l.granted") == 0)
            await Task.Yield();

        await new NpgsqlCommand("SELECT FROM mt_events", reader).ExecuteNonQueryAsync();

        (await pass).Steps[0].SqlState.ShouldBe(PostgresErrorCodes.LockNotAvailable);
    }

    [Fact]
    public async Task after_fourteen_months_without_maintenance_one_pass_orders_the_layout_and_nobody_notices()
    {
        await using var store = await StoreDatabase.CreateAsync();
        for (var month = 0; month <= 14; month++)
            await store.FillAsync(Month(month), TimeSpan.FromMinutes(30), 1000);
        var odd = new List<long>
        {
            await store.AppendAsync(new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero)),
            await store.AppendAsync(DateTimeOffset.UnixEpoch),
            await store.AppendAsync(Month(9), 50),
        };
        await store.ExecuteAsync("CREATE TABLE sample AS SELECT ctid AS tid, tableoid AS oid, seq_id FROM mt_events");
        await store.ExecuteAsync("DELETE FROM sample WHERE seq_id = $1", odd[0]);
        await using var writers = new Writers(store, count: 2, from: Month(-1), to: Month(20));
        await using var counting = new Counters(store, count: 2);

        var clock = new TestClock(Month(14).AddDays(20));
        var report = await new MaintenancePass(store.DataSource, "public", Options, clock).RunAsync();

        await writers.StopAsync();
        (await counting.StopAsync()).ShouldBeGreaterThan(0);
        report.Steps[0].Outcome.ShouldBe(StepOutcome.Done);
        report.Absorbed.ShouldHaveSingleItem().ShouldStartWith($"{MonthName(4)}_to_m");
        (await store.ScalarAsync<long>(
            "SELECT count(*) FROM sample s LEFT JOIN mt_events e "
            + "ON (e.seq_id, e.ctid, e.tableoid) = (s.seq_id, s.tid, s.oid) WHERE e.seq_id IS NULL")).ShouldBe(0);
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(15_052 + writers.Written);
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE seq_id = ANY ($1)", odd.ToArray()))
            .ShouldBe(3);
        (await store.PartitionOfAsync(odd[0])).ShouldBe("mt_events_tail");
        (await store.PartitionOfAsync(odd[1])).ShouldBe("mt_events_head");
    }

    /// <summary>Append one event after the other, at random times, and note how long each took.</summary>
    private sealed class Writers : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly ConcurrentBag<TimeSpan> _waits = [];
        private readonly Task _work;

        public Writers(StoreDatabase store, int count, DateTimeOffset from, DateTimeOffset to) => _work = Task.WhenAll(
            Enumerable.Range(0, count).Select(writer => Task.Run(async () =>
            {
                var random = new Random(writer);
                var stream = Guid.NewGuid();
                while (!_end.IsCancellationRequested)
                {
                    var started = Stopwatch.GetTimestamp();
                    await store.DataSource.AppendAsync(stream, from + (random.NextDouble() * (to - from)));
                    _waits.Add(Stopwatch.GetElapsedTime(started));
                }
            })));

        public long Written => _waits.Count;

        public async Task<TimeSpan> StopAsync()
        {
            await _end.CancelAsync();
            await _work;
            return _waits.Max();
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Count all events, over and over: what has been seen once must be seen ever after.</summary>
    private sealed class Counters : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly Task<long[]> _work;

        public Counters(StoreDatabase store, int count) => _work = Task.WhenAll(
            Enumerable.Range(0, count).Select(_ => Task.Run(async () =>
            {
                long counted = 0, rounds = 0;
                while (!_end.IsCancellationRequested)
                {
                    var now = await store.ScalarAsync<long>("SELECT count(*) FROM mt_events");
                    now.ShouldBeGreaterThanOrEqualTo(counted, "a reader saw a hole");
                    counted = now;
                    rounds++;
                }

                return rounds;
            })));

        public async Task<long> StopAsync()
        {
            await _end.CancelAsync();
            return (await _work).Min();
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await ((Task)_work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
