using MartenEventing.Maintenance;
using MartenEventing.Partitioning;

namespace MartenEventing.Cli.Commands.Partitions;

/// <summary>Prints plans, and what became of them.</summary>
internal static class PlanOutput
{
    public static void Write(CommandContext context, PartitionPlan plan)
    {
        if (context.Json)
            context.Output.WriteJson(plan);
        else
            foreach (var step in plan.Steps)
                context.Output.Write(context.ShowSql ? step.ToScript(context.Schema).TrimEnd() : step.Description);
        Remark(context, plan.Remarks);
        context.Output.Say(plan.Steps.Count == 0 ? "All is in order." : $"{plan.Steps.Count} steps to be done.");
    }

    /// <returns>The exit code.</returns>
    public static int Write(CommandContext context, MaintenanceReport report)
    {
        if (context.Json)
            context.Output.WriteJson(report);
        else
            foreach (var step in report.Steps)
                context.Output.Write($"{NameOf(step.Outcome)}  {step.Step.Description}{ErrorOf(step)}");
        Remark(context, report.Remarks);
        if (report.Skipped)
            context.Output.Say("Another process maintains this store at the moment: nothing was done.");
        else if (report.Steps.Count == 0)
            context.Output.Say("All is in order.");
        else
            context.Output.Say($"{report.Created.Count} partitions created, {report.Absorbed.Count} absorbed, "
                + $"{report.Sealed.Count} sealed, {report.RolledUp.Count} rolled up in "
                + $"{report.Duration.TotalSeconds:N1} s.");
        if (!report.IsIncomplete)
            return ExitCode.Done;
        context.Output.Fail("Something is left undone. What gave way to readers or writers is done by the next run: "
            + "marten-eventing partitions maintain.");
        return ExitCode.Failed;
    }

    private static string NameOf(StepOutcome outcome) => outcome switch
    {
        StepOutcome.Done => "done     ",
        StepOutcome.GaveWay => "gave way ",
        StepOutcome.Postponed => "postponed",
        _ => "failed   ",
    };

    private static string ErrorOf(StepReport step) =>
        step.Error is null
            ? ""
            : $": {step.Error} (SQLSTATE {step.SqlState})"
                + (step.HeldBy is null ? "" : $"; it waited for {step.HeldBy}")
                + (step.Unfinished.Count == 0 ? "" : $". Left unfinished: {string.Join(", ", step.Unfinished)}");

    private static void Remark(CommandContext context, IReadOnlyList<string> remarks)
    {
        foreach (var remark in remarks)
            context.Output.Warn(remark + ".");
    }
}
