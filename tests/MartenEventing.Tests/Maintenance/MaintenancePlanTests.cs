using MartenEventing.Maintenance;
using MartenEventing.Partitioning;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.TestSupport.Postgres;
using MartenEventing.TestSupport.Schema;
using MartenEventing.Tests.Partitioning;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Maintenance;

/// <summary>The plan is what runs: typed into psql, it leaves what a pass leaves.</summary>
public sealed class MaintenancePlanTests
{
    private static readonly PartitionOptions Options = new() { LockBackOff = TimeSpan.FromMilliseconds(1) };

    /// <summary>What an absorbed tail has become is planned anew by the pass, so it is typed in two turns.</summary>
    [Fact]
    public async Task the_statements_of_a_pass_run_in_psql_and_leave_what_the_pass_leaves()
    {
        var clock = new TestClock(Month(6).AddDays(9));
        await ShouldLeaveTheSameAsync(
            store => new MaintenancePass(store.DataSource, store.Schema, Options, clock),
            (pass, _) => pass.RunAsync(), (pass, _) => pass.PlanAsync(), StoreAsync, turns: 2);
    }

    [Fact]
    public async Task the_statements_that_make_partitions_of_the_past_do_too() => await ShouldLeaveTheSameAsync(
        store => new MaintenancePass(store.DataSource, store.Schema, Options),
        (pass, since) => pass.EnsureAsync(since), (pass, since) => pass.PlanEnsureAsync(since), StoreAsync);

    [Fact]
    public async Task the_statements_of_a_roll_up_do_too()
    {
        var options = Options with { RollUpInto = PartitionPeriod.Quarter, RollUpAge = TimeSpan.Zero };
        await ShouldLeaveTheSameAsync(
            store => new MaintenancePass(store.DataSource, store.Schema, options),
            (pass, _) => pass.RollUpAsync(), (pass, _) => pass.PlanRollUpAsync(), async () =>
            {
                var store = await StoreDatabase.OfMonthsAsync(-9);
                for (var month = -9; month < 0; month++)
                    await store.AppendAsync(Month(month).AddDays(3));
                return store;
            });
    }

    private static async Task ShouldLeaveTheSameAsync(
        Func<StoreDatabase, MaintenancePass> passOf, Func<MaintenancePass, DateTimeOffset, Task<MaintenanceReport>> run,
        Func<MaintenancePass, DateTimeOffset, Task<PartitionPlan>> plan, Func<Task<StoreDatabase>> create,
        int turns = 1)
    {
        await using var applied = await create();
        await using var typed = await create();
        var before = await typed.LayoutAsync();

        (await run(passOf(applied), Month(-4))).Steps.ShouldAllBe(step => step.Outcome == StepOutcome.Done);
        for (var turn = 0; turn < turns; turn++)
            await TypeAsync(typed, await plan(passOf(typed), Month(-4)));

        (await typed.LayoutAsync()).ShouldBe(await applied.LayoutAsync());
        (await typed.LayoutAsync()).ShouldNotBe(before);
        (await Catalogs.ReadAsync(typed.DataSource, typed.Schema)).ShouldBe(
            await Catalogs.ReadAsync(applied.DataSource, applied.Schema));
    }

    private static async Task<StoreDatabase> StoreAsync()
    {
        var store = await StoreDatabase.CreateAsync(schema: "Order Events");
        await store.AppendAsync(Month(1));
        await store.AppendAsync(Month(5));
        return store;
    }

    private static Task TypeAsync(StoreDatabase store, PartitionPlan plan) => Psql.RunAsync(
        store.ConnectionString,
        "SET client_min_messages = warning;\n" + string.Concat(plan.Steps.Select(step => step.ToScript(store.Schema))));
}
