using System.Text.RegularExpressions;
using MartenEventing.Retention;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.TestSupport.Postgres;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;
using static MartenEventing.Tests.Retention.RetentionStore;

namespace MartenEventing.Tests.Retention;

/// <summary>The plan is what runs.</summary>
public sealed class RetentionPlanTests
{
    private static readonly RetentionOptions WithRules = ThreeMonths with
    {
        Rules = [new RetentionRule { EventType = "o'hara\\", Age = RetentionAge.Parse("5y") }],
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task the_statements_of_a_plan_run_in_psql_and_leave_what_a_run_leaves(bool cut)
    {
        var options = cut ? ThreeMonths with { Cut = true } : WithRules;
        await using var applied = await StoreAsync();
        await using var typed = await StoreAsync();
        await applied.Retention(options).ApplyAsync();
        var plan = await typed.Retention(options).PlanAsync();
        var statements = plan.Statements.Select(statement => statement + ";\n");

        await Psql.RunAsync(typed.ConnectionString, string.Concat(statements));

        (await typed.StreamsAsync()).ShouldBe(await applied.StreamsAsync());
        (await typed.LayoutAsync()).ShouldBe(await applied.LayoutAsync());
        (await RemovedAsync(typed)).ShouldBe(await RemovedAsync(applied));
        (await RemovedAsync(typed)).ShouldNotBeEmpty();
        await typed.ShouldBeTidyAsync();
    }

    [Fact]
    public async Task the_statements_say_where_the_archive_is_written()
    {
        await using var store = await StoreAsync();

        var plan = await store.Retention(ThreeMonths with { ArchiveDirectory = "/nowhere" }).PlanAsync();

        plan.Statements.Count(statement => statement.Contains("archive is written")).ShouldBe(plan.Partitions.Count);
        plan.Statements.ShouldAllBe(statement => !Regex.IsMatch(statement, "[$][0-9]"));
    }

    /// <summary>Streams that end in a month, one that lives on, and a month in which none ends.</summary>
    private static async Task<StoreDatabase> StoreAsync()
    {
        var store = await StoreDatabase.OfMonthsAsync(-6);
        await store.DataSource.AppendAsync(Id(1), Month(-6), 2);
        await store.DataSource.AppendAsync(Id(2), Month(-6));
        await store.DataSource.AppendAsync(Id(2), Month(-5));
        await store.DataSource.AppendAsync(Id(2), Month(0));
        await store.DataSource.AppendAsync(Id(3), Month(-4), 3);
        return store;
    }

    private static Task<List<string>> RemovedAsync(StoreDatabase store) => store.ColumnAsync<string>(
        "SELECT concat_ws(' ', name, events, streams, lower_bound) FROM mt_removed_partitions ORDER BY lower_bound");
}
