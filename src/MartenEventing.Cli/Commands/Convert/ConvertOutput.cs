using MartenEventing.Cli.Output;
using MartenEventing.Conversion;
using MartenEventing.Schema;

namespace MartenEventing.Cli.Commands.Convert;

/// <summary>Prints plans and states.</summary>
internal static class ConvertOutput
{
    /// <returns>The exit code.</returns>
    public static int Write(CommandContext context, ConversionPlan plan)
    {
        if (context.Json)
            context.Output.WriteJson(plan);
        else
            WriteText(context, plan.Steps);
        foreach (var objection in plan.Objections)
            if (objection.Stops)
                context.Output.Fail($"{objection.Subject}: {objection.Reason}. {objection.WayOut}.");
            else
                context.Output.Warn($"{objection.Subject}: {objection.Reason}. {objection.WayOut}.");
        context.Output.Say(
            $"{plan.EventCount:N0} events (estimated), {Size.Of(plan.TableBytes)}; what is to be made takes about "
            + $"{Size.Of(plan.BytesNeeded)} and {plan.TimeNeeded:hh\\:mm\\:ss}.");
        return plan.IsPossible ? ExitCode.Done : ExitCode.FoundWrong;
    }

    /// <returns>The exit code.</returns>
    public static int Write(CommandContext context, IReadOnlyList<ConversionPlanStep> steps)
    {
        if (context.Json)
            context.Output.WriteJson(steps);
        else
            WriteText(context, steps);
        context.Output.Say(steps.Count == 0 ? "There is nothing to be done." : $"{steps.Count} steps to be done.");
        return ExitCode.Done;
    }

    public static int Write(CommandContext context, ConversionStatus status)
    {
        if (context.Json)
            context.Output.WriteJson(status);
        else
            context.Output.WriteFacts(
                ("Schema", status.SchemaName),
                ("Layout", status.Layout.ToString().ToLowerInvariant()),
                ("Conversion", status.State.ToString().ToLowerInvariant()
                    + (status.Way is { } way ? $", by {way.ToString().ToLowerInvariant()}" : "")),
                ("Copied", status.ExpectedEventCount is { } expected
                    ? $"{status.CopiedEventCount:N0} of about {expected:N0} events"
                    : "none"),
                ("Begun", status.StartedAt is { } at ? $"{at:yyyy-MM-dd HH:mm:ss}" : "never"),
                ("Partitions", $"{status.PartitionCount}"),
                ("Head", status.Layout == StoreLayout.Plain
                    ? "none"
                    : $"{status.HeadEventCount:N0} events (estimated) up to {status.HeadEndsAt:yyyy-MM-dd HH:mm:ss}"));
        if (status.SwapDuration is { } swap)
            context.Output.Say($"The swap took {swap.TotalMilliseconds:0} ms.");
        context.Output.Say(Next(status));
        return ExitCode.Done;
    }

    private static void WriteText(CommandContext context, IReadOnlyList<ConversionPlanStep> steps)
    {
        if (context.ShowSql)
            context.Output.Write(@"\set ON_ERROR_STOP on");
        foreach (var (step, number) in steps.Select((step, i) => (step, i + 1)))
            context.Output.Write(context.ShowSql
                ? step.ToScript().TrimEnd()
                : $"{number}. {step.Name}: {step.Description}. Locks: {step.Locks}.");
    }

    private static string Next(ConversionStatus status) => (status.Layout, status.State) switch
    {
        (StoreLayout.Plain, ConversionState.Preparing or ConversionState.Backfilling or ConversionState.Verified) =>
            "Go on: marten-eventing convert start. Or back: marten-eventing convert rollback.",
        (_, ConversionState.Returning) => "Go on: marten-eventing convert rollback.",
        (StoreLayout.Plain, _) => "To make it partitioned: marten-eventing convert plan.",
        (_, ConversionState.Switched) =>
            "Keep it, and drop the plain table: marten-eventing convert complete. Back: marten-eventing convert " +
            "rollback.",
        (_, ConversionState.Attached) =>
            "Cut the head into periods: marten-eventing convert split. Keep it: marten-eventing convert complete. "
            + "Back: marten-eventing convert rollback.",
        _ => "To make it plain: marten-eventing convert revert.",
    };
}
