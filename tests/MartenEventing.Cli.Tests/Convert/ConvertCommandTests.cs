using System.Text.Json;
using MartenEventing.Schema;

namespace MartenEventing.Cli.Tests.Convert;

public sealed class ConvertCommandTests
{
    [Fact]
    public async Task a_store_goes_all_the_way_and_back()
    {
        await using var store = await StoreAsync();

        (await CommandRun.OnAsync(store, "convert", "plan")).Out.ShouldContain(
            "swap: mt_events becomes mt_events_head");
        var started = await CommandRun.OnAsync(store, "convert", "start", "--yes");
        (started.ExitCode, started.Error).ShouldSatisfyAllConditions(
            run => run.ExitCode.ShouldBe(ExitCode.Done), run => run.Error.ShouldContain("The swap took "));
        (await CommandRun.OnAsync(store, "convert", "split")).ExitCode.ShouldBe(ExitCode.Done);
        (await CommandRun.OnAsync(store, "convert", "complete", "--yes")).ExitCode.ShouldBe(ExitCode.Done);
        var rollback = await CommandRun.OnAsync(store, "convert", "rollback", "--yes");
        (rollback.ExitCode, rollback.Error).ShouldSatisfyAllConditions(
            run => run.ExitCode.ShouldBe(ExitCode.Failed),
            run => run.Error.ShouldContain("marten-eventing convert revert"));
        (await CommandRun.OnAsync(store, "convert", "revert", "--yes")).ExitCode.ShouldBe(ExitCode.Done);

        var status = await CommandRun.OnAsync(store, "convert", "status", "--json");
        var json = JsonDocument.Parse(status.Out).RootElement;
        (json.GetProperty("layout").GetString(), json.GetProperty("state").GetString()).ShouldBe(("plain", "returned"));
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(1);
    }

    [Fact]
    public async Task beside_a_session_left_open_start_names_it_while_it_waits_and_when_it_gives_up()
    {
        await using var store = await StoreAsync();
        await using var writer = await store.DataSource.OpenConnectionAsync();
        await using (var command = new Npgsql.NpgsqlCommand("BEGIN; UPDATE mt_events SET type = type", writer))
            await command.ExecuteNonQueryAsync();

        var run = await CommandRun.OnAsync(store, "convert", "start", "--yes", "--give-up-after", "3");

        run.ShouldSatisfyAllConditions(
            r => r.ExitCode.ShouldBe(ExitCode.Failed),
            r => r.Error.ShouldContain($"index on the key: waits for session {writer.ProcessID} of role"),
            r => r.Error.ShouldContain(
                $"error: Schema \"public\": the step \"index on the key\" did not get its locks"),
            r => r.Error.ShouldContain($"end it: SELECT pg_terminate_backend({writer.ProcessID})"));
    }

    [Fact]
    public async Task a_step_waits_for_a_second_or_longer()
    {
        await using var store = await StoreAsync();

        var run = await CommandRun.OnAsync(store, "convert", "start", "--yes", "--give-up-after", "0");

        (run.ExitCode, run.Error.Contains("--give-up-after is 0. Allowed: 1 or more.", StringComparison.Ordinal))
            .ShouldBe((ExitCode.WrongUsage, true));
    }

    [Fact]
    public async Task a_trigger_before_rows_stops_it_until_it_is_said_to_leave_the_timestamp_alone()
    {
        await using var store = await StoreAsync();
        await store.ExecuteAsync(
            """
            CREATE FUNCTION louder() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.type := upper(NEW.type);
            RETURN NEW; END $$;
            CREATE TRIGGER louder BEFORE INSERT ON mt_events FOR EACH ROW EXECUTE FUNCTION louder();
            """);

        var plan = await CommandRun.OnAsync(store, "convert", "plan");
        (plan.ExitCode, plan.Error.Contains("public.louder()", StringComparison.Ordinal)).ShouldBe(
            (ExitCode.FoundWrong, true));
        (await CommandRun.OnAsync(store, "convert", "start", "--yes")).ExitCode.ShouldBe(ExitCode.Failed);
        (await CommandRun.OnAsync(store, "convert", "plan", "--accept-triggers")).ExitCode.ShouldBe(ExitCode.Done);
        (await CommandRun.OnAsync(store, "convert", "start", "--yes", "--accept-triggers")).ExitCode.ShouldBe(
            ExitCode.Done);
    }

    [Fact]
    public async Task a_store_goes_over_to_a_copy_and_the_plain_table_goes()
    {
        await using var store = await StoreAsync();

        (await CommandRun.OnAsync(store, "convert", "plan", "--way", "shadow")).Out
            .ShouldContain("switch: mt_events becomes mt_events_plain");
        (await CommandRun.OnAsync(store, "convert", "start", "--way", "shadow", "--yes")).ExitCode.ShouldBe(
            ExitCode.Done);
        var status = await CommandRun.OnAsync(store, "convert", "status");
        (status.Out, status.Error).ShouldSatisfyAllConditions(
            run => run.Out.ShouldContain("switched, by shadow"),
            run => run.Out.ShouldContain("1 of about 1 events"),
            run => run.Error.ShouldContain("marten-eventing convert complete"));
        (await CommandRun.OnAsync(store, "convert", "complete", "--yes")).ExitCode.ShouldBe(ExitCode.Done);

        (await store.ScalarAsync<bool>("SELECT to_regclass('mt_events_plain') IS NULL")).ShouldBeTrue();
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(1);
    }

    [Theory]
    [InlineData("rollback")]
    [InlineData("complete")]
    public async Task a_plain_copy_that_was_emptied_stops_what_would_drop_a_copy_until_it_is_accepted(string verb)
    {
        await using var store = await StoreAsync();
        await CommandRun.OnAsync(store, "convert", "start", "--way", "shadow", "--yes");
        await store.ExecuteAsync("TRUNCATE mt_events_plain");

        var run = await CommandRun.OnAsync(store, "convert", verb, "--yes");

        (run.ExitCode, run.Out).ShouldBe((ExitCode.Failed, ""));
        run.Error.ShouldContain($"marten-eventing convert {verb} --accept-differences");
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(1);
        if (verb == "complete")
            (await CommandRun.OnAsync(store, "convert", verb, "--yes", "--accept-differences")).ExitCode.ShouldBe(
                ExitCode.Done);
    }

    [Fact]
    public async Task without_yes_and_a_terminal_nothing_is_changed()
    {
        await using var store = await StoreAsync();

        (await CommandRun.OnAsync(store, "convert", "start")).ExitCode.ShouldBe(ExitCode.WrongUsage);
        (await CommandRun.OnAsync(store, "convert", "start", "--dry-run", "--show-sql")).Out
            .ShouldContain("mt_attach_plain('month', 3,");

        (await StoreShape.ReadAsync(store.DataSource, "public")).Layout.ShouldBe(StoreLayout.Plain);
    }

    [Fact]
    public async Task what_stands_in_the_way_is_told_with_the_way_out()
    {
        await using var store = await StoreAsync();
        await store.ExecuteAsync("CREATE VIEW seen AS SELECT * FROM mt_events");

        var run = await CommandRun.OnAsync(store, "convert", "plan");

        run.ExitCode.ShouldBe(ExitCode.FoundWrong);
        run.Error.ShouldContain(
            "error: public.seen: this view or rule reads mt_events and would not go over to the new one. Drop it, and "
            + "make it again after the conversion.\n");
    }

    private static async Task<StoreDatabase> StoreAsync()
    {
        var store = await StoreDatabase.CreateAsync(layout: StoreLayout.Plain);
        await store.ExecuteAsync(
            """
            INSERT INTO mt_events (seq_id, id, version, data, type, timestamp)
            VALUES (nextval('mt_events_sequence'), gen_random_uuid(), 1, '1', 'a', now())
            """);
        return store;
    }
}
