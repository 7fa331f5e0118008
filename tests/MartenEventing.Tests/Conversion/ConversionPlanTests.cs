using System.Text.RegularExpressions;
using MartenEventing.Conversion;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using MartenEventing.TestSupport;
using MartenEventing.TestSupport.Postgres;
using MartenEventing.TestSupport.Schema;
using MartenEventing.Tests.Events;
using MartenEventing.Tests.Politeness;
using Npgsql;

namespace MartenEventing.Tests.Conversion;

/// <summary>The plan is what runs: typed into psql, it leaves what a conversion leaves.</summary>
public sealed class ConversionPlanTests
{
    private sealed record Verb(
        Func<StoreConversion, Task> Run, Func<StoreConversion, Task<IReadOnlyList<ConversionPlanStep>>> Plan);

    private static readonly Dictionary<string, Verb> Verbs = new(StringComparer.Ordinal)
    {
        ["start"] = new(c => c.StartAsync(), async c => (await c.PlanAsync()).Steps),
        ["split"] = new(c => c.SplitAsync(), c => c.PlanSplitAsync()),
        ["complete"] = new(c => c.CompleteAsync(), c => c.PlanCompleteAsync()),
        ["rollback"] = new(c => c.RollbackAsync(), c => c.PlanRollbackAsync()),
        ["revert"] = new(c => c.RevertAsync(), c => c.PlanRevertAsync()),
    };

    [Theory]
    [InlineData(ConversionWay.Attach, "start split rollback")]
    [InFull(ConversionWay.Attach, "start split complete revert")]
    [InFull(ConversionWay.Shadow, "start rollback")]
    [InlineData(ConversionWay.Shadow, "start complete revert")]
    public async Task the_statements_of_each_plan_run_in_psql_and_leave_what_the_verb_leaves(
        ConversionWay way, string verbs)
    {
        var options = PlainStore.Options with { Way = way };
        await using var applied = await PlainStore.CreateAsync(500, schema: "Order Events");
        await using var typed = await PlainStore.CreateAsync(500, schema: "Order Events");
        var hash = await typed.HashAsync();
        foreach (var verb in verbs.Split(' ').Select(name => Verbs[name]))
        {
            await verb.Run(applied.Conversion(options));
            await TypeAsync(typed.Database.ConnectionString, await verb.Plan(typed.Conversion(options)));

            (await HistoryAsync(typed)).ShouldBe(await HistoryAsync(applied));
            (await typed.HashAsync()).ShouldBe(hash);
        }
    }

    [Fact]
    public async Task the_statements_take_out_of_martens_store_what_the_conversion_has_brought()
    {
        await using var store = await MartenStore.CreateAsync(new SchemaOptions());
        var before = await store.DumpAsync();

        await Psql.RunAsync(store.ConnectionString, SchemaMigrator.FunctionsScript(new SchemaOptions()));
        await TypeAsync(store.ConnectionString, (await store.Conversion().PlanAsync()).Steps);
        await store.ExecuteAsync("CREATE VIEW of_mine AS SELECT * FROM mt_partitions()");
        var plan = await store.Conversion().PlanRollbackAsync();
        await TypeAsync(store.ConnectionString, plan);
        (await store.ScalarAsync<string>("SELECT state FROM mt_conversion")).ShouldBe("returned");

        await store.ExecuteAsync("DROP VIEW of_mine; UPDATE mt_conversion SET state = 'returning'");
        await TypeAsync(store.ConnectionString, [plan[^1]]);
        (await store.DumpAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task a_plan_changes_nothing_and_says_what_is_left()
    {
        await using var store = await PlainStore.CreateAsync(500);
        await store.Conversion().StartAsync();
        var catalogs = await store.CatalogsAsync();

        (await store.Conversion().PlanSplitAsync()).Select(step => step.Name).ShouldContain("split");
        (await store.Conversion().PlanRollbackAsync()).ShouldSatisfyAllConditions(
            steps => steps.Select(step => step.Name).ShouldContain("swap back"),
            steps => steps.ShouldAllBe(step => step.Locks == "none that matter"
                || step.ToScript().Contains("SET lock_timeout = '100ms';")),
            steps => steps.ShouldAllBe(step => !Regex.IsMatch(step.ToScript(), "[$][0-9]")),
            steps => steps.Single(step => step.Name == "swap back").Locks.ShouldContain("ACCESS EXCLUSIVE"));

        (await store.CatalogsAsync()).ShouldBe(catalogs);
        await store.Conversion().RollbackAsync();
        (await store.Conversion().PlanRollbackAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ConversionWay.Attach, "start split")]
    [InlineData(ConversionWay.Shadow, "start complete")]
    public async Task the_way_back_from_large_partitions_prepares_them(ConversionWay way, string verbs)
    {
        var options = PlainStore.Options with { Way = way };
        await using var applied = await LargeAsync();
        await using var typed = await LargeAsync();
        var hash = await typed.HashAsync();
        var plain = await typed.CatalogsAsync();
        List<string> steps = [];
        foreach (var store in (PlainStore[])[applied, typed])
            foreach (var verb in verbs.Split(' '))
                await Verbs[verb].Run(store.Conversion(options));
        (await typed.Database.ScalarAsync<long>(
            "SELECT count(*) FROM mt_partitions() p WHERE p.kind <> 'head' AND pg_relation_size(p.leaf) > 4194304"))
            .ShouldBeGreaterThan(0);

        await applied.Conversion(options, (step, moment) =>
        {
            steps.Add($"{step} {moment}");
            return Task.CompletedTask;
        }).RevertAsync();
        await TypeAsync(typed.Database.ConnectionString, await typed.Conversion(options).PlanRevertAsync());

        steps.Count(step => step == "prepare to merge Committed").ShouldBeGreaterThan(2);
        (await typed.CatalogsAsync()).ShouldBe(plain);
        (await applied.CatalogsAsync()).ShouldBe(plain);
        (await typed.HashAsync()).ShouldBe(hash);
    }

    [Theory]
    [InlineData("start", "UPDATE mt_events_shadow SET type = 'other' WHERE seq_id = 7")]
    [InlineData("start", "DELETE FROM mt_events_shadow WHERE seq_id < 7")]
    [InlineData("start", "ALTER TABLE mt_events ADD COLUMN more integer")]
    [InlineData("complete", "DELETE FROM mt_events_plain WHERE seq_id = 7")]
    [InlineData("rollback", "DELETE FROM mt_events_plain WHERE seq_id = 7")]
    public async Task what_a_verb_refuses_stops_psql_before_anything_is_lost(string verb, string difference)
    {
        await using var store = await PlainStore.CreateAsync(500);
        await (verb == "start"
            ? (Task)Should.ThrowAsync<IOException>(store.Conversion(PlainStore.Shadow, (step, moment) =>
                (step, moment) == ("statistics", StepMoment.Before) ? throw new IOException("broken off")
                    : Task.CompletedTask).StartAsync())
            : store.Conversion(PlainStore.Shadow).StartAsync());
        await store.Database.Superuser.ExecuteAsync($"SET session_replication_role = replica; {difference}");
        var before = await store.CatalogsAsync();
        var plan = await Verbs[verb].Plan(store.Conversion(PlainStore.Shadow));

        (await Record.ExceptionAsync(() => TypeAsync(store.Database.ConnectionString, plan)))!.Message.ShouldMatch(
            "the copies differ|has been altered");

        (await store.CatalogsAsync()).ShouldBe(before);
        await Should.ThrowAsync<Exception>(Verbs[verb].Run(store.Conversion(PlainStore.Shadow)));
    }

    [Fact]
    public async Task psql_waits_for_readers_of_before_the_copy_was_whole()
    {
        await using var store = await PlainStore.CreateAsync(500);
        var plan = (await store.Conversion(PlainStore.Shadow).PlanAsync()).Steps.ToList();
        var waiting = plan.FindIndex(step => step.Name == "snapshots");
        await TypeAsync(store.Database.ConnectionString, plan[..waiting]);
        await using var reader = await OpenTransaction.WithSnapshotAsync(store.Database.DataSource);

        var typed = TypeAsync(store.Database.ConnectionString, plan[waiting..]);

        await store.Database.WaitUntilAsync(
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE '%moment xid8%' AND pid <> pg_backend_pid()");
        await Task.Delay(300);
        (await store.Database.ScalarAsync<string>("SELECT state FROM mt_conversion")).ShouldBe("verified");
        await reader.DisposeAsync();
        await typed;
        (await store.Database.ScalarAsync<string>("SELECT state FROM mt_conversion")).ShouldBe("switched");
    }

    [Fact]
    public async Task a_copy_that_nobody_has_compared_is_not_switched_to()
    {
        await using var store = await PlainStore.CreateAsync(500);
        await Should.ThrowAsync<IOException>(store.Conversion(PlainStore.Shadow, (step, moment) =>
            (step, moment) == ("backfill", StepMoment.Before) ? throw new IOException("broken off")
                : Task.CompletedTask).StartAsync());

        foreach (var sql in (string[])["SELECT mt_switch_copies(true, false)", "SELECT mt_leave_plain(false)"])
            (await Should.ThrowAsync<PostgresException>(store.Database.ExecuteAsync(sql))).SqlState.ShouldBe(
                PostgresErrorCodes.ObjectNotInPrerequisiteState);
    }

    [Fact]
    public async Task what_is_left_after_the_swap_is_planned_and_no_start_while_a_way_back_is_under_way()
    {
        await using var store = await PlainStore.CreateAsync(500);
        await Should.ThrowAsync<IOException>(store.Conversion(observer: BreakOffAfter("swap")).StartAsync());

        (await store.Conversion().PlanAsync()).Steps.Select(step => step.Name).ShouldBe(
            ["sequence", "statistics", "history"]);

        await Should.ThrowAsync<IOException>(store.Conversion(observer: BreakOffAfter("swap back")).RollbackAsync());
        (await Should.ThrowAsync<ConversionStateException>(store.Conversion().PlanAsync())).Message.ShouldContain(
            "convert rollback");
    }

    private static async Task<PlainStore> LargeAsync()
    {
        var store = await PlainStore.CreateAsync(20_000, days: 60);
        await store.Database.ExecuteAsync(
            """
            UPDATE mt_events SET data = jsonb_build_object(
                'filler', (SELECT string_agg(md5(seq_id::text || n), '') FROM generate_series(1, 20) n))
            """);
        return store;
    }

    private static Func<string, StepMoment, Task> BreakOffAfter(string at) => (step, moment) =>
        (step, moment) == (at, StepMoment.Committed) ? throw new IOException("broken off") : Task.CompletedTask;

    private static Task TypeAsync(string connectionString, IReadOnlyList<ConversionPlanStep> steps) =>
        Psql.RunAsync(
            connectionString,
            "SET client_min_messages = warning;\n" + string.Concat(steps.Select(step => step.ToScript())));

    /// <summary>What the catalogs say, the history of files, and the record of the conversion.</summary>
    private static async Task<string> HistoryAsync(PlainStore store) => string.Join('\n', (IEnumerable<string>)
    [
        .. await Catalogs.ReadAsync(store.Database.DataSource, store.Database.Schema),
        .. await store.Database.ColumnAsync<string>(
            $"""
             SELECT concat_ws(' ', way, state, period, copied, expected)
               FROM {SqlText.Quote(store.Database.Schema)}.mt_conversion ORDER BY started
             """),
    ]);
}
