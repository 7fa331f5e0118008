using System.Text.Json;
using MartenEventing.TestSupport.Partitioning;
using Npgsql;

namespace MartenEventing.Cli.Tests.Db;

public sealed class CheckCommandTests
{
    private const string Orphan =
        """
        ALTER TABLE mt_events DISABLE TRIGGER mt_guard_event;
        INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
        VALUES (nextval('mt_events_sequence'), gen_random_uuid(), md5('7')::uuid, 1, '{}', 'a', now());
        ALTER TABLE mt_events ENABLE TRIGGER mt_guard_event
        """;

    [Fact]
    public async Task a_store_in_order_names_every_check()
    {
        await using var store = await StoreDatabase.CreateAsync();

        var run = await CommandRun.OnAsync(store, "db", "check");

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Out.ShouldStartWith("ok    duplicate versions\nok    missing versions\nok    orphaned events\n");
        run.Error.ShouldEndWith("Nothing is wrong.\n");
    }

    [Fact]
    public async Task a_fault_is_told_with_its_value_and_what_a_repair_does()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync(Orphan);

        var run = await CommandRun.OnAsync(store, "db", "check");

        run.ExitCode.ShouldBe(ExitCode.FoundWrong);
        run.Out.ShouldContain(
            "wrong orphaned events: 1. Streams that have events and no row in mt_streams: they are not read, and stay "
            + "for ever.\n      8f14e45f-ceea-167a-5a36-dedd4bea2543: 1 events\n      db check --repair: The row is "
            + "made from the events, with no stream type.\n");
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_streams")).ShouldBe(0);
    }

    [Fact]
    public async Task a_repair_is_planned_shown_and_asked_for()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync(Orphan);

        var dry = await CommandRun.OnAsync(store, "db", "check", "--repair", "--dry-run", "--show-sql");
        var unasked = await CommandRun.OnAsync(store, "db", "check", "--repair");
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_streams")).ShouldBe(0);
        var done = await CommandRun.OnAsync(store, "db", "check", "--repair", "--yes");

        dry.ExitCode.ShouldBe(ExitCode.Done);
        dry.Out.ShouldEndWith("SELECT next_after, repaired FROM \"public\".mt_repair_streams($1::text[], 1000);\n");
        unasked.ExitCode.ShouldBe(ExitCode.WrongUsage);
        done.ExitCode.ShouldBe(ExitCode.Done);
        (await store.ScalarAsync<long>("SELECT version FROM mt_streams")).ShouldBe(1);
    }

    [Fact]
    public async Task json_carries_every_finding()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync(Orphan);

        var run = await CommandRun.OnAsync(store, "db", "check", "--json");

        var report = JsonDocument.Parse(run.Out).RootElement;
        report.GetProperty("isClean").GetBoolean().ShouldBeFalse();
        report.GetProperty("findings").EnumerateArray().Single(found => found.GetProperty("found").GetInt64() > 0)
            .GetProperty("check").GetString().ShouldBe("orphaned events");
    }

    [Fact]
    public async Task nothing_but_a_repair_can_be_tried()
    {
        await using var store = await StoreDatabase.CreateAsync();

        (await CommandRun.OnAsync(store, "db", "check", "--dry-run")).ExitCode.ShouldBe(ExitCode.WrongUsage);
    }

    [Fact]
    public async Task status_tells_of_triggers_that_were_off()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync(
            "ALTER TABLE mt_events DISABLE TRIGGER USER; ALTER TABLE mt_events ENABLE TRIGGER USER");

        var run = await CommandRun.OnAsync(store, "db", "status");

        run.ExitCode.ShouldBe(ExitCode.FoundWrong);
        run.Out.ShouldContain("missing mt_guard_replica");
        (await CommandRun.OnAsync(store, "db", "check", "--repair", "--yes")).ExitCode.ShouldBe(ExitCode.Done);
        (await CommandRun.OnAsync(store, "db", "status")).ExitCode.ShouldBe(ExitCode.Done);
    }

    [Fact]
    public async Task status_tells_of_a_partition_whose_triggers_are_off_and_of_events_past_the_guard()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var month = SampleEvents.MonthName(0);
        await store.ExecuteAsync($"ALTER TABLE {month} DISABLE TRIGGER USER; SELECT setval('mt_guard_passed', 41)");

        var run = await CommandRun.OnAsync(store, "db", "status");

        run.ExitCode.ShouldBe(ExitCode.FoundWrong);
        run.Out.ShouldContain($"not in force in {month}");
        run.Error.ShouldContain("warning: 41 events came in past the guard since the store was last found in order");
    }
}
