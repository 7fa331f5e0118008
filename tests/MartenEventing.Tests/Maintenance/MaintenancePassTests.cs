using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using MartenEventing.Diagnostics;
using MartenEventing.Maintenance;
using MartenEventing.Partitioning;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.Tests.Partitioning;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Maintenance;

public sealed class MaintenancePassTests
{
    private static readonly PartitionOptions Options = new() { LockBackOff = TimeSpan.FromMilliseconds(1) };

    [Fact]
    public async Task one_pass_provisions_absorbs_seals_and_analyzes_and_the_next_finds_nothing_to_do()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.AppendAsync(Month(1));
        await store.FillAsync(Month(5), TimeSpan.FromHours(1), 1000);
        var clock = new TestClock(Month(6).AddDays(9));
        var pass = new MaintenancePass(store.DataSource, "public", Options, clock);

        var report = await pass.RunAsync();

        report.Skipped.ShouldBeFalse();
        report.IsIncomplete.ShouldBeFalse();
        report.At.ShouldBe(clock.Now);
        var wide = $"mt_events_m{Month(4):yyyyMM}_to_m{Month(6):yyyyMM}";
        report.Absorbed.ShouldBe([wide]);
        report.Created.ShouldBe([MonthName(7), MonthName(8), MonthName(9)]);
        report.Sealed.ShouldBe(["mt_events_head", MonthName(0), MonthName(1), MonthName(2), MonthName(3)]);
        report.Steps.Select(s => s.Step.Kind).Distinct().ShouldBe(
            [PartitionStepKind.Provision, PartitionStepKind.Seal, PartitionStepKind.Analyze]);
        (await store.LayoutAsync()).ShouldBe(
        [
            "mt_events_head sealed", .. Enumerable.Range(0, 4).Select(month => $"{MonthName(month)} sealed"),
            $"{wide} open", .. Enumerable.Range(7, 3).Select(month => $"{MonthName(month)} open"),
            "mt_events_tail open",
        ]);
        (await pass.RunAsync()).Steps.Select(s => s.Step.Kind).ShouldBe(AnalyzedAtRealTime);
    }

    [Fact]
    public async Task a_pass_is_measured_and_traced()
    {
        await using var store = await StoreDatabase.CreateAsync(schema: "measured");
        var measured = new Dictionary<string, double>();
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == EventingDiagnostics.Name)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        meters.Start();
        var traced = new ConcurrentQueue<string>();
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == EventingDiagnostics.Name,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => traced.Enqueue(activity.OperationName),
        };
        ActivitySource.AddActivityListener(activities);

        await new MaintenancePass(store.DataSource, "measured", Options, new TestClock(Month(2))).RunAsync();

        measured["marten_eventing.partitions.created"].ShouldBe(2);
        measured["marten_eventing.partitions.sealed"].ShouldBe(2);
        measured.ShouldContainKey("marten_eventing.maintenance.duration");
        measured.ShouldNotContainKey("marten_eventing.maintenance.failures");
        traced.ShouldContain("maintenance Provision");

        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.Contains(new("schema", "measured")))
                measured[instrument.Name] = value;
        }
    }

    [Fact]
    public async Task a_plan_changes_nothing()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var before = await store.LayoutAsync();

        var plan = await new MaintenancePass(store.DataSource, "public", Options, new TestClock(Month(3))).PlanAsync();

        plan.Steps.Select(s => $"{s.Kind} {s.Target}").ShouldBe(
        [
            "Provision mt_events_tail", "Seal mt_events_head", $"Seal {MonthName(0)}", $"Seal {MonthName(1)}",
            "Analyze mt_events",
        ]);
        (await store.LayoutAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task a_withdrawn_seal_is_renewed_by_the_next_pass()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var pass = new MaintenancePass(store.DataSource, "public", Options, new TestClock(Month(2)));
        await pass.RunAsync();
        await store.AppendAsync(Month(0));

        (await pass.RunAsync()).Sealed.ShouldBe([MonthName(0)]);
    }

    [Fact]
    public async Task while_one_maintains_another_skips()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var within = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        var clock = new TestClock(Month(3));
        var first = new MaintenancePass(store.DataSource, "public", Options, clock)
        {
            Observer = (_, _) =>
            {
                within.TrySetResult();
                return go.Task;
            },
        }.RunAsync();
        await within.Task;

        var second = await new MaintenancePass(store.DataSource, "public", Options, clock).RunAsync();
        go.SetResult();

        second.Skipped.ShouldBeTrue();
        second.Steps.ShouldBeEmpty();
        (await first).Created.Count.ShouldBe(3);
        (await store.ScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = "
            + "(SELECT oid FROM pg_database WHERE datname = current_database())")).ShouldBe(0);
    }

    [Fact]
    public async Task psql_users_and_the_pass_exclude_each_other()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await new NpgsqlCommand($"SELECT mt_provision_partitions('month', 4)", connection).ExecuteNonQueryAsync();

        (await new MaintenancePass(store.DataSource, "public", Options, new TestClock(Month(3))).RunAsync())
            .Skipped.ShouldBeTrue();
    }

    [Fact]
    public async Task an_interrupted_detaching_is_finished_first()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await LeaveADetachPendingAsync(store, MonthName(1));

        var report = await new MaintenancePass(store.DataSource, "public", Options, new TestClock(Month(1))).RunAsync();

        report.IsIncomplete.ShouldBeFalse();
        report.Steps[0].Step.Kind.ShouldBe(PartitionStepKind.FinalizeDetach);
        (await store.ColumnAsync<string>("SELECT name FROM mt_partitions()")).ShouldNotContain(MonthName(1));
        (await store.ScalarAsync<bool>("SELECT relispartition FROM pg_class WHERE relname = $1", MonthName(1)))
            .ShouldBeFalse();
    }

    [Fact]
    public async Task a_step_that_fails_does_not_keep_the_others()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync($"CREATE TABLE {MonthName(4)} ()");

        var report = await new MaintenancePass(store.DataSource, "public", Options, new TestClock(Month(2))).RunAsync();

        report.IsIncomplete.ShouldBeTrue();
        report.Steps[0].ShouldSatisfyAllConditions(
            s => s.Outcome.ShouldBe(StepOutcome.Failed),
            s => s.SqlState.ShouldBe(PostgresErrorCodes.DuplicateTable));
        report.Sealed.ShouldBe(["mt_events_head", MonthName(0)]);
    }

    [Fact]
    public async Task the_session_goes_back_to_the_pool_as_it_came()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(
            store.ConnectionString + ";Maximum Pool Size=1;No Reset On Close=true");

        await new MaintenancePass(source, "public", Options, new TestClock(Month(2))).RunAsync();

        (await source.ScalarAsync<string>("SHOW lock_timeout")).ShouldBe("0");
        (await source.ScalarAsync<long>(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")).ShouldBe(0);
    }

    [Fact]
    public async Task a_store_that_is_plain_or_missing_is_told_so()
    {
        await using var plain = await StoreDatabase.CreateAsync(layout: StoreLayout.Plain);

        var error = await Should.ThrowAsync<StoreNotPartitionedException>(
            () => new MaintenancePass(plain.DataSource, "public").RunAsync());
        error.Message.ShouldBe("The event store in schema \"public\" is not partitioned. "
            + "An empty one becomes so by: marten-eventing db apply --layout partitioned.");
        await Should.ThrowAsync<StoreNotFoundException>(
            () => new MaintenancePass(plain.DataSource, "other").RunAsync());
    }

    [Theory]
    [InlineData("Weird Name", StreamIdentity.String, PartitionPeriod.Week)]
    [InlineData("Größe; --/*", StreamIdentity.Guid, PartitionPeriod.Day)]
    public async Task any_schema_and_period_is_maintained(
        string schema, StreamIdentity identity, PartitionPeriod period)
    {
        await using var store = await StoreDatabase.CreateAsync(identity, period: period, schema: schema);

        var report = await new MaintenancePass(
            store.DataSource, schema, Options, new TestClock(DateTimeOffset.UtcNow.AddDays(21))).RunAsync();

        report.IsIncomplete.ShouldBeFalse();
        report.Created.ShouldNotBeEmpty();
        report.Sealed.Count.ShouldBeGreaterThan(1);
    }

    /// <summary>The server stamps its own time on statistics, which is far from the test's.</summary>
    private static readonly PartitionStepKind[] AnalyzedAtRealTime = [PartitionStepKind.Analyze];

    private static async Task LeaveADetachPendingAsync(StoreDatabase store, string partition)
    {
        await using var reader = await store.DataSource.OpenConnectionAsync();
        await using var reading = await reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await new NpgsqlCommand("SELECT FROM mt_events", reader).ExecuteNonQueryAsync();
        await using var detacher = await store.DataSource.OpenConnectionAsync();
        await new NpgsqlCommand("SET lock_timeout = '50ms'", detacher).ExecuteNonQueryAsync();
        var error = await Should.ThrowAsync<PostgresException>(() => new NpgsqlCommand(
            $"ALTER TABLE mt_events DETACH PARTITION {partition} CONCURRENTLY", detacher).ExecuteNonQueryAsync());
        error.SqlState.ShouldBe(PostgresErrorCodes.LockNotAvailable);
        (await store.ScalarAsync<bool>("SELECT detach_pending FROM mt_partitions() WHERE name = $1", partition))
            .ShouldBeTrue();
    }
}
