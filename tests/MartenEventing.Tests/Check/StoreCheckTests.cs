using MartenEventing.Check;
using MartenEventing.Schema;
using MartenEventing.Tests.Retention;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;
using static MartenEventing.Tests.Check.PastTheGuard;
using static MartenEventing.Tests.Retention.RetentionStore;

namespace MartenEventing.Tests.Check;

/// <summary>Each fault is told with its values, and mended where it can be.</summary>
public sealed class StoreCheckTests
{
    [Theory]
    [InlineData(EventTenancy.Single, StreamIdentity.Guid, StoreLayout.Partitioned, "public")]
    [InlineData(EventTenancy.Conjoined, StreamIdentity.Guid, StoreLayout.Partitioned, "public")]
    [InlineData(EventTenancy.Single, StreamIdentity.String, StoreLayout.Partitioned, "a b")]
    [InlineData(EventTenancy.Conjoined, StreamIdentity.String, StoreLayout.Plain, "a b")]
    [InlineData(EventTenancy.Single, StreamIdentity.Guid, StoreLayout.Plain, "public")]
    public async Task a_store_in_order_is_clean(
        EventTenancy tenancy, StreamIdentity identity, StoreLayout layout, string schema)
    {
        await using var store = await StoreDatabase.CreateAsync(identity, layout, schema: schema, tenancy: tenancy);

        var report = await new StoreCheck(store.DataSource, schema).CheckAsync();

        report.IsClean.ShouldBeTrue();
        report.Findings.ShouldAllBe(finding => finding.Found == 0);
        (await new StoreCheck(store.DataSource, schema).PlanRepairAsync(report)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task a_version_that_mt_streams_tells_otherwise_is_set(EventTenancy tenancy)
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-3, tenancy);
        await store.UnnoticedAsync(
            $"{Stream(Id(1), 1, Month(-3))}; {Event(1, Id(1), 1, Month(-3))}; {Event(2, Id(1), 2, Month(0))};"
            + $"{Stream(Id(2), 7, Month(-3))}; {Event(3, Id(2), 1, Month(-3))}; SELECT "
            + "setval('mt_events_sequence', 3)");

        await store.ShouldTellAsync("stream versions",
            $"{Name(1, tenancy)}: mt_streams says 1, the events say 2",
            $"{Name(2, tenancy)}: mt_streams says 7, the events say 1");

        (await store.ColumnAsync<long>("SELECT version FROM mt_streams ORDER BY id")).ShouldBe([2, 1]);
    }

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task events_without_a_stream_get_one(EventTenancy tenancy)
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-3, tenancy);
        await store.UnnoticedAsync(
            $"{Event(1, Id(1), 1, Month(-3), "x")}; {Event(2, Id(1), 2, Month(0), "x")}; SELECT " +
            "setval('mt_events_sequence', 2)");

        await store.ShouldTellAsync("orphaned events", $"{Name(1, tenancy, "x")}: 2 events");

        (await store.ScalarAsync<string>(
            "SELECT concat_ws(' ', id, version, tenant_id, is_archived, type IS NULL, created = $1, timestamp = $2) " +
            "FROM mt_streams",
            Month(-3), Month(0))).ShouldBe($"{Id(1)} 2 x f t t t");
    }

    [Fact]
    public async Task of_many_faults_all_are_counted_and_five_shown_and_all_are_mended_page_by_page()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-3);
        await store.UnnoticedAsync(
            $"""
             INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
             SELECT i, gen_random_uuid(), md5(i::text)::uuid, 1, jsonb '1', 'a', '{Month(-2):O}'
                    FROM generate_series(1, 2500) i;
             SELECT setval('mt_events_sequence', 2500)
             """);
        var check = new StoreCheck(store.DataSource);

        var report = await check.CheckAsync();

        var finding = report.Findings.Single(found => found.Found > 0);
        (finding.Check, finding.Found, finding.Examples.Count).ShouldBe(("orphaned events", 2500, 5));
        await check.RepairAsync(await check.PlanRepairAsync(report));
        (await check.CheckAsync()).IsClean.ShouldBeTrue();
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_streams")).ShouldBe(2500);
    }

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task events_outside_of_what_is_known_of_their_stream_get_their_times_recorded(EventTenancy tenancy)
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-3, tenancy);
        await store.UnnoticedAsync(
            $"{Stream(Id(1), 2, Month(-2))}; {Event(1, Id(1), 1, Month(-3))}; {Event(2, Id(1), 2, Month(0))};"
            + "SELECT setval('mt_events_sequence', 2)");

        await store.ShouldTellAsync(
            "stream bounds", $"{Name(1, tenancy)}: events from \"{Month(-3):s}+00:00\" to \"{Month(0):s}+00:00\"");

        (await store.ScalarAsync<bool>(
            "SELECT earliest <= $1 AND latest > $2 FROM mt_stream_bounds", Month(-3), Month(0))).ShouldBeTrue();
    }

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task a_version_that_is_there_twice_is_told_and_left_alone(EventTenancy tenancy)
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-3, tenancy);
        await store.UnnoticedAsync(
            $"{Stream(Id(1), 1, Month(-3))}; {Event(1, Id(1), 1, Month(-3))}; {Event(2, Id(1), 1, Month(-2))};"
            + "UPDATE mt_streams SET timestamp = now(); SELECT setval('mt_events_sequence', 2)");

        await store.ShouldOnlyTellAsync("duplicate versions", $"{Name(1, tenancy)}: 2 events, 1 versions");

        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(2);
    }

    [Fact]
    public async Task versions_that_are_not_there_are_told()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-3);
        await store.UnnoticedAsync(
            $"{Stream(Id(1), 4, Month(-3))}; {Event(1, Id(1), 1, Month(-3))}; {Event(2, Id(1), 4, Month(-3))};"
            + $"{Stream(Id(2), 3, Month(-3))}; {Event(3, Id(2), 3, Month(-3))}; SELECT "
            + "setval('mt_events_sequence', 3)");

        await store.ShouldOnlyTellAsync(
            "missing versions",
            $"{Id(1)}: versions 1 to 4, of which 2 are there", $"{Id(2)}: versions 3 to 3, of which 1 are there");
    }

    [Fact]
    public async Task what_retention_has_cut_or_marten_compacted_is_not_missing()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-4);
        await store.DataSource.AppendAsync(Id(1), Month(-4), 2);
        await store.DataSource.AppendAsync(Id(1), Month(0));
        await store.Retention(ThreeMonths with { Cut = true }).ApplyAsync();
        (await store.StreamsAsync()).ShouldBe([$"{Id(1)}: 3"]);
        await store.DataSource.AppendAsync(Id(2), Month(0), 3);
        await store.ExecuteAsync(
            """
            DELETE FROM mt_events WHERE stream_id = $1 AND version < 3
            """, Id(2));
        await store.ExecuteAsync(
            "UPDATE mt_events SET mt_dotnet_type = 'JasperFx.Events.Compacted`1[[A, B]], JasperFx.Events' WHERE " +
            "stream_id = $1", Id(2));

        (await new StoreCheck(store.DataSource).CheckAsync()).Findings.ShouldAllBe(finding => finding.Found == 0);
    }

    [Fact]
    public async Task a_stream_without_events_is_told()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-3);
        await store.UnnoticedAsync($"{Stream(Id(1), 4, Month(-3))}; {Stream(Id(2), 0, Month(-3))}");

        await store.ShouldOnlyTellAsync("streams without events", $"{Id(1)}: mt_streams says 4");
    }

    [Fact]
    public async Task a_stream_that_is_archived_in_part_is_told()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-3);
        await store.DataSource.AppendAsync(Id(1), Month(0), 3);
        await store.UnnoticedAsync("UPDATE mt_events SET is_archived = true WHERE version = 2");

        await store.ShouldOnlyTellAsync(
            "archived streams", $"{Id(1)}: 1 of 3 events are archived, the stream is not");
    }

    [Fact]
    public async Task events_that_came_with_the_archiving_of_their_stream_are_no_fault()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-3);
        await store.DataSource.AppendAsync(Id(1), Month(0), 3);
        await store.UnnoticedAsync(
            "UPDATE mt_streams SET is_archived = true; UPDATE mt_events SET is_archived = version < 3");

        (await new StoreCheck(store.DataSource).CheckAsync()).IsClean.ShouldBeTrue();
    }

    [Fact]
    public async Task a_stream_that_is_archived_but_for_a_part_in_its_midst_is_told()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-3);
        await store.DataSource.AppendAsync(Id(1), Month(0), 3);
        await store.UnnoticedAsync(
            "UPDATE mt_streams SET is_archived = true; UPDATE mt_events SET is_archived = version <> 2");

        await store.ShouldOnlyTellAsync(
            "archived streams", $"{Id(1)}: 2 of 3 events are archived, the stream is");
    }

    [Fact]
    public async Task a_sequence_number_that_two_events_bear_is_told()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-3);
        await store.UnnoticedAsync(
            $"{Stream(Id(1), 2, Month(0))}; {Event(1, Id(1), 1, Month(0))}; "
            + $"{Event(1, Id(1), 2, Month(0).AddMinutes(1))};SELECT setval('mt_events_sequence', 1)");

        await store.ShouldOnlyTellAsync("duplicate sequences", "1: 2 events");
    }

    [Fact]
    public async Task a_sequence_that_is_behind_or_somebody_elses_is_set_and_never_back()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-3);
        await store.UnnoticedAsync(
            $"{Stream(Id(1), 1, Month(0))}; {Event(70, Id(1), 1, Month(0))}; ALTER SEQUENCE mt_events_sequence OWNED "
            + "BY NONE;SELECT setval('mt_events_sequence', 5)");

        await store.ShouldTellAsync(
            "sequence", "it stands at 5, the events have come to 70", "it does not belong to mt_events.seq_id");

        (await store.ScalarAsync<long>("SELECT nextval('mt_events_sequence')")).ShouldBe(71);
        await store.ExecuteAsync("SELECT mt_repair_sequence()");
        (await store.ScalarAsync<long>("SELECT nextval('mt_events_sequence')")).ShouldBe(72);
    }

    [Fact]
    public async Task a_sequence_that_a_dump_of_tables_left_behind_is_made_again()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-3);
        await store.UnnoticedAsync(
            $"{Stream(Id(1), 1, Month(0))}; {Event(70, Id(1), 1, Month(0))}; DROP SEQUENCE mt_events_sequence CASCADE");

        await store.ShouldTellAsync("sequence", "it is missing");

        (await store.ScalarAsync<long>("SELECT nextval('mt_events_sequence')")).ShouldBe(71);
    }

    [Fact]
    public async Task a_projection_that_is_further_than_the_events_is_told()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-3);
        await store.DataSource.AppendAsync(Id(1), Month(0));
        await store.ExecuteAsync(
            "INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('Depot:All', 900), ('Ok:All', 1)");

        await store.ShouldOnlyTellAsync("projection progress", "Depot:All: 900, the highest event is 1");
    }

    [Fact]
    public async Task a_high_water_mark_above_the_sequence_is_told()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-3);
        await store.DataSource.AppendAsync(Id(1), Month(0));
        await store.ExecuteAsync("INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('HighWaterMark', 33)");

        await store.ShouldOnlyTellAsync("projection progress", "HighWaterMark: 33, the highest event is 1");
    }

    [Fact]
    public async Task triggers_that_are_off_or_lost_their_mode_are_put_up_again_in_every_partition()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-1);
        await store.DataSource.AppendAsync(Id(1), Month(-1));
        await store.ExecuteAsync($"SELECT mt_seal_partition('{MonthName(-1)}')");
        await store.ExecuteAsync($"ALTER TABLE {MonthName(-1)} VALIDATE CONSTRAINT mt_sealed");
        await store.WithTriggersOffAsync("SELECT");
        await store.ExecuteAsync($"ALTER TABLE ONLY {MonthName(0)} DISABLE TRIGGER mt_guard_event; DROP TRIGGER " +
            "mt_guard_commit ON mt_streams");

        var report = await new StoreCheck(store.DataSource).CheckAsync();

        var finding = report.Findings.Single(found => found.Check == "triggers");
        finding.Found.ShouldBeGreaterThan(3);
        await store.RepairAsync();
        (await store.ColumnAsync<string>("SELECT fault FROM mt_guard_faults()")).ShouldBeEmpty();
        (await store.ColumnAsync<char>(
            $"SELECT tgenabled FROM pg_trigger WHERE tgrelid = '{MonthName(-1)}'::regclass AND tgname IN " +
            "('mt_withdraw', 'mt_guard_replica') ORDER BY tgname"))
            .ShouldBe(['R', 'A']);
    }

    [Theory]
    [InlineData("DROP INDEX {0}")]
    [InlineData("UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{0}'::regclass")]
    public async Task a_partition_without_its_unique_index_gets_it(string fault)
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-1);
        await store.DataSource.AppendAsync(Id(1), Month(-1));
        await store.AsReplicaAsync(
            fault.Replace("{0}", MonthName(-1) + "_stream_id_version_idx", StringComparison.Ordinal));

        await store.ShouldTellAsync("stream indexes", $"{MonthName(-1)}: no valid unique index on stream and version");
    }

    [Fact]
    public async Task a_seal_that_is_not_true_is_made_anew()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-1);
        await store.DataSource.AppendAsync(Id(1), Month(-1), 3);
        await store.ExecuteAsync($"SELECT mt_seal_partition('{MonthName(-1)}')");
        await store.ExecuteAsync($"ALTER TABLE {MonthName(-1)} VALIDATE CONSTRAINT mt_sealed");
        await store.AsReplicaAsync(
            $"""
             ALTER TABLE {MonthName(-1)} DROP CONSTRAINT mt_sealed;
             ALTER TABLE {MonthName(-1)} ADD CONSTRAINT mt_sealed CHECK (
                 mt_claim_withdrawn('{MonthName(-1)}_claim'::regclass, 3) OR seq_id >= 2 AND seq_id <= 3) NOT VALID;
             UPDATE pg_constraint SET convalidated = true WHERE conname = 'mt_sealed';
             """);

        await store.ShouldTellAsync("seals", $"{MonthName(-1)}: it claims 2 to 3 and holds 1 to 3");

        (await store.LayoutAsync())[1].ShouldBe($"{MonthName(-1)} sealed");
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE seq_id <= 1")).ShouldBe(1);
    }

    [Fact]
    public async Task tags_of_events_that_are_gone_are_removed()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-1);
        var sequence = await store.DataSource.AppendAsync(Id(1), Month(0));
        await store.ExecuteAsync(
            $"CREATE TABLE mt_event_tag_depot (value text, seq_id bigint); INSERT INTO mt_event_tag_depot VALUES " +
            $"('a', {sequence}), ('b', 900)");

        await store.ShouldTellAsync("tags", "mt_event_tag_depot of event 900");

        (await store.ColumnAsync<string>("SELECT value FROM mt_event_tag_depot")).ShouldBe(["a"]);
    }

    [Fact]
    public async Task what_came_in_past_the_guard_is_counted_until_the_store_is_found_in_order()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-3);
        await store.AsReplicaAsync(
            $"{Stream(Id(1), 2, Month(-3))}; {Event(1, Id(1), 1, Month(-3))}; {Event(2, Id(1), 2, Month(0))};"
            + "SELECT setval('mt_events_sequence', 2)");
        var check = new StoreCheck(store.DataSource);

        var report = await check.CheckAsync();

        report.IsClean.ShouldBeTrue();
        report.Findings.Single(finding => finding.Found > 0).ShouldSatisfyAllConditions(
            finding => finding.Check.ShouldBe("past the guard"), finding => finding.Found.ShouldBe(2));
        await check.RepairAsync(await check.PlanRepairAsync(report));
        (await check.CheckAsync()).Findings.ShouldAllBe(finding => finding.Found == 0);
    }

    [Fact]
    public async Task what_comes_while_the_check_looks_is_not_taken_for_seen()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-3);
        await store.AsReplicaAsync(
            $"{Stream(Id(1), 1, Month(0))}; {Event(1, Id(1), 1, Month(0))}; SELECT setval('mt_events_sequence', 9)");
        var check = new StoreCheck(store.DataSource);
        var plan = await check.PlanRepairAsync(await check.CheckAsync());

        await store.AsReplicaAsync(Event(2, Id(1), 2, Month(0)));
        await check.RepairAsync(plan);

        (await check.CheckAsync()).Findings.Single(finding => finding.Check == "past the guard").Found.ShouldBe(2);
    }

    [Fact]
    public async Task a_check_writes_nothing_and_needs_no_more_than_a_session_that_only_reads()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-3);
        await store.UnnoticedAsync(Event(1, Id(1), 1, Month(-3)));
        var readOnly = new NpgsqlConnectionStringBuilder(store.ConnectionString)
        {
            Options = "-c default_transaction_read_only=on -c statement_timeout=1s",
        };
        await using var source = NpgsqlDataSource.Create(readOnly.ConnectionString);

        (await new StoreCheck(source).CheckAsync()).IsClean.ShouldBeFalse();
    }

    [Fact]
    public async Task a_repair_waits_for_no_other_maintainer()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-3);
        await using var other = await store.DataSource.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock(mt_maintenance_lock())", other);
        await command.ExecuteNonQueryAsync();

        (await Should.ThrowAsync<RepairRefusedException>(() => new StoreCheck(store.DataSource).RepairAsync([])))
            .Message.ShouldContain("maintained by another process");
    }

    [Fact]
    public async Task where_each_tenant_has_partitions_all_of_them_are_looked_at()
    {
        var later = Month(1).AddDays(9);
        await using var store = await Tenants.TenantStore.CreateAsync();
        await store.DataSource.AppendAsync(Id(1), Month(0), 3, tenant: "a'b");
        var leaf = await store.ScalarAsync<string>(
            "SELECT name FROM mt_all_partitions() WHERE tenant = $1 AND kind = 'month' LIMIT 1", "a'b");
        await store.ExecuteAsync($"SELECT mt_use_tenant('a''b', true), mt_seal_partition('{leaf}')");
        await store.ExecuteAsync($"ALTER TABLE {leaf} VALIDATE CONSTRAINT mt_sealed");
        (await new StoreCheck(store.DataSource).CheckAsync()).Findings.ShouldAllBe(finding => finding.Found == 0);

        await store.UnnoticedAsync(
            $"""
             INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
             VALUES (nextval('mt_events_sequence'), gen_random_uuid(), '{Id(1)}', 4, '1', 'a', '{later:O}', 'a''b'),
                    (nextval('mt_events_sequence'), gen_random_uuid(), '{Id(2)}', 1, '1', 'a', '{later:O}', 'a''b');
             DROP TRIGGER mt_withdraw ON {leaf}; DROP INDEX {leaf}_stream_id_version_idx
             """);

        (await new StoreCheck(store.DataSource).CheckAsync()).Findings.Where(found => found.Found > 0)
            .Select(found => $"{found.Check}: {found.Examples.Single()}").ShouldBe(
            [
                $"orphaned events: a'b/{Id(2)}: 1 events",
                $"stream versions: a'b/{Id(1)}: mt_streams says 3, the events say 4",
                $"stream bounds: a'b/{Id(1)}: events from \"{Month(0):s}+00:00\" to \"{later:s}+00:00\"",
                $"stream indexes: {leaf}: no valid unique index on stream and version",
                $"seals: {leaf}: nothing withdraws its claim when a row comes",
            ]);
        (await store.RepairAsync()).Findings.ShouldAllBe(finding => finding.Found == 0);
    }

    private static string Name(int stream, EventTenancy tenancy, string tenant = "*DEFAULT*") =>
        (tenancy == EventTenancy.Conjoined ? tenant + "/" : "") + Id(stream);
}
