using System.Text.RegularExpressions;
using MartenEventing.Conversion;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Postgres;
using MartenEventing.TestSupport.Schema;

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
    [InlineData(ConversionWay.Attach, "start split complete revert")]
    [InlineData(ConversionWay.Shadow, "start rollback")]
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
        await store.Conversion().StartAsync();

        await TypeAsync(store.ConnectionString, await store.Conversion().PlanRevertAsync());

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
            steps => steps.ShouldAllBe(step => !Regex.IsMatch(step.ToScript(), "[$][0-9]")),
            steps => steps.Single(step => step.Name == "swap back").Locks.ShouldContain("ACCESS EXCLUSIVE"));

        (await store.CatalogsAsync()).ShouldBe(catalogs);
        await store.Conversion().RollbackAsync();
        (await store.Conversion().PlanRollbackAsync()).ShouldBeEmpty();
    }

    private static Task TypeAsync(string connectionString, IReadOnlyList<ConversionPlanStep> steps) =>
        Psql.RunAsync(
            connectionString,
            "SET client_min_messages = warning;\n" + string.Concat(steps.Select(step => Repeated(step).ToScript())));

    /// <summary>What is to be run again and again is, for stores as small as these.</summary>
    private static ConversionPlanStep Repeated(ConversionPlanStep step) => step with
    {
        Sql = [.. step.Sql.SelectMany(
            sql => Enumerable.Repeat(sql, sql.StartsWith("-- again until", StringComparison.Ordinal) ? 12 : 1))],
    };

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
