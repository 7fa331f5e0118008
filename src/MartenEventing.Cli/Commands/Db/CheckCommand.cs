using System.CommandLine;
using MartenEventing.Check;

namespace MartenEventing.Cli.Commands.Db;

/// <summary>Checks a whole store, and mends what can be mended.</summary>
internal sealed class CheckCommand : CliCommand
{
    private static readonly Option<bool> Repair = new("--repair")
    {
        Description =
            "Mend what can be mended: rows of streams, bounds, the sequence, tags, seals, indexes, triggers. No event "
            + "is removed or changed.",
    };

    public CheckCommand(CliEnvironment environment)
        : base(environment, "check",
            "Check a whole store: after a restore, a switch by replication, or whatever wrote past its triggers. Reads "
            + "all events. Exit code 3 when something is wrong.")
    {
        foreach (var option in (Option[])[
            Repair, CommonOptions.DryRun, CommonOptions.ShowSql, CommonOptions.Yes, CommonOptions.Json])
            Options.Add(option);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        if (context.DryRun && !context.Get(Repair))
            throw new UsageException("Without --repair nothing is changed: leave out --dry-run.");
        var check = new StoreCheck(await context.DataSourceAsync(), context.Schema, context.Time)
        {
            Progress = step => context.Output.Say($"{step} ..."),
        };
        var report = await check.CheckAsync(context.Cancellation);
        var plan = context.Get(Repair) ? await check.PlanRepairAsync(report, context.Cancellation) : [];
        if (context.DryRun || plan.Count == 0)
            return Write(context, report, plan);

        WriteText(context, report);
        Tell(context, plan);
        if (!context.Confirm($"Repair the store in schema \"{context.Schema}\"?"))
            return ExitCode.Failed;
        for (var round = 0; round < 2 && plan.Count > 0; round++)
        {
            // What only shows once the first findings are mended, and the note that all was found in order.
            await check.RepairAsync(plan, context.Cancellation);
            report = await check.CheckAsync(context.Cancellation);
            plan = await check.PlanRepairAsync(report, context.Cancellation);
        }

        return Write(context, report, []);
    }

    private static int Write(CommandContext context, CheckReport report, IReadOnlyList<RepairStep> plan)
    {
        if (context.Json)
            context.Output.WriteJson(new { report.SchemaName, report.IsClean, report.Findings, Plan = plan });
        else
            WriteText(context, report);
        if (context.DryRun)
            Tell(context, plan);
        context.Output.Say(report.IsClean ? "Nothing is wrong." : "Something is wrong.");
        // a plan is shown, as by any dry run
        return report.IsClean || plan.Count > 0 ? ExitCode.Done : ExitCode.FoundWrong;
    }

    private static void WriteText(CommandContext context, CheckReport report)
    {
        if (context.Json)
            return;
        foreach (var finding in report.Findings)
            Write(context, finding);
    }

    private static void Write(CommandContext context, CheckFinding finding)
    {
        context.Output.Write($"{(finding.Found == 0 ? "ok   " : finding.IsFault ? "wrong" : "note ")} {finding.Check}"
            + (finding.Found == 0 ? "" : $": {finding.Found}. {finding.Meaning}"));
        if (finding.Found == 0)
            return;
        foreach (var example in finding.Examples)
            context.Output.Write($"      {example}");
        if (finding.Found > finding.Examples.Count && finding.Examples.Count > 1)
            context.Output.Write($"      and {finding.Found - finding.Examples.Count} more");
        context.Output.Write(finding.Repair is { } repair
            ? $"      db check --repair: {repair}"
            : $"      {finding.NextStep}");
    }

    private static void Tell(CommandContext context, IReadOnlyList<RepairStep> plan)
    {
        foreach (var step in plan)
        {
            context.Output.Say(step.Description);
            if (context.ShowSql)
                foreach (var statement in step.Statements)
                    context.Output.Write(statement + ";");
        }
    }
}
