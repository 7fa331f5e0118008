using System.Text.Json;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;

namespace MartenEventing.Cli.Tests.Partitions;

public sealed class PartitionsCommandTests
{
    private static readonly DateTimeOffset InTwoMonths = SampleEvents.Month(2).AddDays(14);

    [Fact]
    public async Task the_list_shows_head_periods_and_tail()
    {
        await using var store = await StoreDatabase.CreateAsync();

        var run = await CommandRun.OnAsync(store, "partitions", "list");

        run.ExitCode.ShouldBe(ExitCode.Done);
        var lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldStartWith("Partition");
        lines[1].ShouldMatch("^ *mt_events_head +head +open +[0-9]{4}-[0-9]{2}-01 +open ");
        lines[2].ShouldMatch("mt_events_m[0-9]{6} +month +[0-9]{4}-[0-9]{2}-01 +[0-9]{4}-[0-9]{2}-01 +open ");
        run.Error.ShouldMatch("^6 partitions, [0-9,]+ kB.\n$");
    }

    [Fact]
    public async Task the_list_of_a_plain_store_is_empty()
    {
        await using var store = await StoreDatabase.CreateAsync(layout: StoreLayout.Plain);

        var run = await CommandRun.OnAsync(store, "partitions", "list", "--json");

        (run.ExitCode, run.Out.Trim(), run.Error).ShouldBe((0, "[]", "The store is plain: it has no partitions.\n"));
    }

    [Fact]
    public async Task a_plan_is_shown_and_nothing_changed()
    {
        await using var store = await StoreDatabase.CreateAsync();

        var plan = await RunAsync(store, "partitions", "plan", "--show-sql", "--periods-ahead", "5");
        var dry = await RunAsync(store, "partitions", "maintain", "--dry-run", "--show-sql", "--periods-ahead", "5");

        plan.Out.ShouldContain("-- mt_events_tail: cut mt_events_m");
        plan.Out.ShouldContain("SELECT \"public\".mt_provision_partitions('month', 5, '");
        plan.Out.ShouldContain("ALTER TABLE \"public\".\"mt_events_head\" VALIDATE CONSTRAINT mt_sealed;");
        dry.ShouldBe(plan);
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_partitions()")).ShouldBe(6);
    }

    [Fact]
    public async Task maintain_does_it_and_says_so()
    {
        await using var store = await StoreDatabase.CreateAsync();

        var run = await RunAsync(store, "partitions", "maintain");
        var json = JsonDocument.Parse((await RunAsync(store, "partitions", "list", "--json")).Out).RootElement;

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Out.ShouldContain("done       mt_events_tail: cut ");
        run.Error.ShouldContain("2 partitions created, 0 absorbed, 3 sealed, 0 rolled up in ");
        json.EnumerateArray().Count(p => p.GetProperty("seal").GetString() == "sealed").ShouldBe(3);
    }

    [Fact]
    public async Task what_gave_way_is_an_error_that_names_the_next_command()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var today = DateTimeOffset.UtcNow;
        await store.ExecuteAsync($"CREATE TABLE mt_events_m{today.AddDays(1 - today.Day).AddMonths(4):yyyyMM} ()");

        var run = await RunAsync(store, "partitions", "maintain");

        run.ExitCode.ShouldBe(ExitCode.Failed);
        run.Out.ShouldContain("failed     mt_events_tail: cut ");
        run.Out.ShouldContain("(SQLSTATE 42P07)");
        run.Error.ShouldContain("marten-eventing partitions maintain.\n");
    }

    [Fact]
    public async Task ensure_makes_partitions_ahead_and_for_the_past_and_seals_nothing()
    {
        await using var store = await StoreDatabase.CreateAsync(period: PartitionPeriod.Year);
        var year = DateTimeOffset.UtcNow.Year;
        string[] command = ["partitions", "ensure", "--periods-ahead", "5", "--since", $"{year - 2}-06-30"];

        var dry = await CommandRun.OnAsync(store, [.. command, "--dry-run"]);
        var run = await CommandRun.OnAsync(store, command);

        dry.Out.ShouldContain(
            $"mt_events_head: cut the time from {year - 2}-01-01 on out of it (2, at most 240 a call)");
        run.Error.ShouldContain("4 partitions created, 0 absorbed, 0 sealed");
        (await store.ColumnAsync<string>("SELECT DISTINCT seal FROM mt_partitions()")).ShouldBe(["open"]);
    }

    [Theory]
    [InlineData("--periods-ahead", "1001", "PartitionOptions.PeriodsAhead is \"1001\". Allowed: 0 to 1000.")]
    [InlineData("--period", "fortnight", "--period is \"fortnight\". Allowed: day, week, month, quarter, year.")]
    public async Task an_option_out_of_range_is_wrong_usage(string option, string value, string message)
    {
        await using var store = await StoreDatabase.CreateAsync();

        var run = await CommandRun.OnAsync(store, "partitions", "plan", option, value);

        run.ExitCode.ShouldBe(ExitCode.WrongUsage);
        run.Error.ShouldContain(message);
    }

    [Fact]
    public async Task a_plain_store_is_told_how_to_become_partitioned()
    {
        await using var store = await StoreDatabase.CreateAsync(layout: StoreLayout.Plain);

        var run = await CommandRun.OnAsync(store, "partitions", "maintain");

        run.ExitCode.ShouldBe(ExitCode.Failed);
        run.Error.ShouldContain("marten-eventing db apply --layout partitioned");
    }

    private static Task<CommandRun> RunAsync(StoreDatabase store, params string[] arguments) => CommandRun.OfAsync(
        [.. arguments, "--connection", store.ConnectionString], new Surroundings { Time = new TestClock(InTwoMonths) });
}
