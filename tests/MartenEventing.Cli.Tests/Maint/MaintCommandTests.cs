using System.Text.Json;
using MartenEventing.Schema;

namespace MartenEventing.Cli.Tests.Maint;

public sealed class MaintCommandTests
{
    [Fact]
    public async Task vacuum_takes_table_by_table()
    {
        await using var store = await StoreDatabase.CreateAsync();

        var dry = await CommandRun.OnAsync(
            store, "maint", "vacuum", "mt_streams", "--freeze", "--dry-run", "--show-sql");
        var run = await CommandRun.OnAsync(store, "maint", "vacuum");

        dry.Out.ShouldBe("VACUUM (FREEZE, ANALYZE) \"public\".\"mt_streams\";\n");
        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Out.ShouldStartWith("mt_events_head\nmt_events_m");
        run.Out.ShouldEndWith("mt_events_tail\nmt_streams\n");
        run.Error.ShouldBe("7 statements run.\n");
    }

    [Fact]
    public async Task reindex_removes_what_an_interrupted_run_has_left()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync(
            "INSERT INTO mt_streams (id, version) SELECT gen_random_uuid(), 0 FROM generate_series(1, 2)");
        await Should.ThrowAsync<Npgsql.PostgresException>(() => store.ExecuteAsync(
            "CREATE UNIQUE INDEX CONCURRENTLY pkey_mt_streams_id_ccnew ON mt_streams (version)"));

        var stats = await CommandRun.OnAsync(store, "maint", "stats");
        var run = await CommandRun.OnAsync(store, "maint", "reindex", "mt_streams");

        stats.Error.ShouldContain(
            "pkey_mt_streams_id_ccnew is not valid. Build it anew: marten-eventing maint reindex mt_streams.");
        run.Out.ShouldBe("pkey_mt_streams_id_ccnew\nmt_streams\n");
        (await store.ScalarAsync<long>("SELECT count(*) FROM event_store_index_usage WHERE NOT is_valid")).ShouldBe(0);
    }

    [Fact]
    public async Task all_partitions_are_reindexed()
    {
        await using var store = await StoreDatabase.CreateAsync();

        (await CommandRun.OnAsync(store, "maint", "reindex")).Error.ShouldBe("7 statements run.\n");
    }

    [Fact]
    public async Task stats_show_sizes_indexes_and_the_last_day()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync(
            """
            INSERT INTO mt_streams (id, version) VALUES (md5('a')::uuid, 0);
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            SELECT i, gen_random_uuid(), md5('a')::uuid, i, '1', 'scanned', now() - interval '1 minute'
              FROM generate_series(1, 1234) i
            """);

        var run = await CommandRun.OnAsync(store, "maint", "stats");
        var json = JsonDocument.Parse((await CommandRun.OnAsync(store, "maint", "stats", "--json")).Out).RootElement;

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Out.ShouldContain("Largest partitions");
        run.Out.ShouldMatch(":00 +1,234 +1\n");
        json.GetProperty("recentActivity")[0].GetProperty("eventCount").GetInt64().ShouldBe(1234);
        json.GetProperty("indexes").EnumerateArray().Select(i => i.GetProperty("index").GetString())
            .ShouldContain("pkey_mt_streams_id");
    }

    [Fact]
    public async Task a_plain_store_has_its_tables_too()
    {
        await using var store = await StoreDatabase.CreateAsync(layout: StoreLayout.Plain);

        (await CommandRun.OnAsync(store, "maint", "vacuum")).Out.ShouldBe("mt_events\nmt_streams\n");
        (await CommandRun.OnAsync(store, "maint", "stats")).Out.ShouldContain("pkey_mt_events_seq_id");
    }

    [Fact]
    public async Task an_unknown_table_is_wrong_usage()
    {
        await using var store = await StoreDatabase.CreateAsync();

        var run = await CommandRun.OnAsync(store, "maint", "vacuum", "pg_class");

        run.ExitCode.ShouldBe(ExitCode.WrongUsage);
        run.Error.ShouldBe("error: \"pg_class\" is neither a partition of mt_events nor mt_streams.\n");
    }
}
