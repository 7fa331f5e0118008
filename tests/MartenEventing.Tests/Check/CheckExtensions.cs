using MartenEventing.Check;

namespace MartenEventing.Tests.Check;

internal static class CheckExtensions
{
    /// <summary>Repairs until nothing is left that can be repaired.</summary>
    public static async Task<CheckReport> RepairAsync(this StoreDatabase store)
    {
        var check = new StoreCheck(store.DataSource, store.Schema);
        var report = await check.CheckAsync();
        for (var round = 0; round < 3; round++)
        {
            var plan = await check.PlanRepairAsync(report);
            if (plan.Count == 0)
                break;
            await check.RepairAsync(plan);
            report = await check.CheckAsync();
        }

        return report;
    }

    /// <summary>This fault is told with these values, a repair mends it, and then nothing is wrong.</summary>
    public static async Task ShouldTellAsync(this StoreDatabase store, string check, params string[] examples)
    {
        var found = (await new StoreCheck(store.DataSource, store.Schema).CheckAsync()).Findings
            .Single(finding => finding.Check == check);
        (found.Found, found.IsFault).ShouldBe((examples.Length, true));
        found.Examples.ShouldBe(examples);
        found.Repair.ShouldNotBeNull();

        (await store.RepairAsync()).Findings.ShouldAllBe(finding => finding.Found == 0);
    }

    /// <summary>This fault, and no other, is told with these values, and no repair touches it.</summary>
    public static async Task ShouldOnlyTellAsync(this StoreDatabase store, string check, params string[] examples)
    {
        var report = await store.RepairAsync();

        report.IsClean.ShouldBeFalse();
        var found = report.Findings.Single(finding => finding.Found > 0);
        (found.Check, found.Found).ShouldBe((check, examples.Length));
        found.Examples.ShouldBe(examples);
        (found.Repair, found.NextStep is null).ShouldBe((null, false));
    }
}
