using MartenEventing.Cli.Output;
using MartenEventing.Retention;

namespace MartenEventing.Cli.Commands.Retention;

/// <summary>Prints plans, reports and holds.</summary>
internal static class RetentionOutput
{
    public static void Write(CommandContext context, RetentionPlan plan)
    {
        if (context.Json)
            context.Output.WriteJson(plan);
        else if (context.ShowSql)
            foreach (var statement in plan.Statements)
                context.Output.Write(statement + ";");
        else
        {
            var own = plan.Partitions.Any(p => p.Tenant is not null);
            context.Output.WriteTable(
                [.. TenantOf(own, "Tenant"), "Partition", "From", "To", ">Size", ">Events", ">Removed", ">Carried",
                    ">Streams"],
                plan.Partitions.Select(p => TenantOf(own, p.Tenant).Concat(ToRow(p))));
        }

        foreach (var contribution in plan.Contributions)
            context.Output.Say(contribution.Floor is { } floor
                ? $"{contribution.Policy}: what ended before {floor:yyyy-MM-dd}, {contribution.Partitions} partitions."
                : $"{contribution.Policy}: nothing.");
        foreach (var floor in plan.ProjectionFloors)
            context.Output.Say(
                $"{floor.Projection} begins after event {floor.Sequence}: what lies before is nothing to it.");
        if (plan.Unfinished is { } unfinished)
            context.Output.Warn($"{unfinished}: the next retention apply goes on with it.");
        Write(context, plan.Gates);
        var gone = $"{plan.Partitions.Count} partitions would go, {Size.Of(plan.Partitions.Sum(p => p.Bytes))}";
        context.Output.Say(plan.Partitions.Count == 0
            ? "No partition would go."
            : plan.RemovedFromHead is null
            ? $"{gone}; what goes with them is not counted: the server is a standby, or somebody " +
                "maintains the store now."
            : $"{gone}: "
            + $"{Number(plan.Partitions.Sum(p => p.Removed) + plan.RemovedFromHead)} events removed, "
            + $"{Number(plan.Partitions.Sum(p => p.Carried))} carried, "
            + $"{Number(plan.Partitions.Sum(p => p.Streams) + plan.StreamsFromHead)} streams ended.");
    }

    /// <returns>The exit code.</returns>
    public static int Write(CommandContext context, RetentionReport report)
    {
        if (context.Json)
            context.Output.WriteJson(report);
        else
        {
            var own = report.Expired.Any(p => p.Tenant is not null);
            context.Output.WriteTable(
                [.. TenantOf(own, "Tenant"), "Partition", ">Removed", ">Streams", ">Carried", ">Held others for",
                    "Archive"],
                report.Expired.Select(p => (IEnumerable<string>)
                [
                    .. TenantOf(own, p.Tenant), p.Name, Number(p.Removed), Number(p.Streams), Number(p.Carried),
                    $"{p.Held.TotalMilliseconds:N0} ms",
                    p.Archive ?? "",
                ]));
        }

        Write(context, report.Gates);
        if (report.Skipped)
        {
            context.Output.Fail(
                "Another process maintains this store at the moment: nothing was done. Try again later.");
            return ExitCode.Failed;
        }

        context.Output.Say($"{report.Expired.Count} partitions have gone; {Number(report.StreamsElsewhere)} streams "
            + $"({Number(report.RemovedElsewhere)} events) from those that stay. {report.Duration.TotalSeconds:N1} s.");
        return report.IsIncomplete ? ExitCode.FoundWrong : ExitCode.Done;
    }

    public static void Write(CommandContext context, IReadOnlyList<LegalHold> holds)
    {
        if (context.Json)
            context.Output.WriteJson(holds);
        else
            context.Output.WriteTable(
                [">Id", "On", "Reason", "Placed by", "Placed at", "Lifted by", "Lifted at"],
                holds.Select(h => (IEnumerable<string>)
                [
                    $"{h.Id}", On(h), h.Reason, h.PlacedBy, $"{h.PlacedAt:yyyy-MM-dd HH:mm:ss}", h.LiftedBy ?? "",
                    h.LiftedAt is { } at ? $"{at:yyyy-MM-dd HH:mm:ss}" : "",
                ]));
    }

    private static void Write(CommandContext context, IReadOnlyList<RetentionGate> gates)
    {
        foreach (var gate in gates)
            context.Output.Warn($"{(gate.Partition is { } name ? $"{name} is kept, and all after it" : "kept")}: "
                + $"{gate.Reason}. {gate.WayOut}.");
    }

    /// <summary>A column more, where each tenant has partitions of its own.</summary>
    private static string[] TenantOf(bool own, string? tenant) => own ? [tenant ?? ""] : [];

    private static string On(LegalHold hold) => hold.Kind switch
    {
        LegalHoldKind.Stream => $"stream {hold.Value}" + (hold.Tenant is { } tenant ? $" of tenant {tenant}" : ""),
        LegalHoldKind.Tenant => $"tenant {hold.Value}",
        _ => $"{Day(hold.From)} to {Day(hold.To)}",
    };

    private static IEnumerable<string> ToRow(RetentionPlanPartition partition) =>
    [
        partition.Name, Day(partition.From), Day(partition.To), Size.Of(partition.Bytes), Number(partition.Events),
        Number(partition.Removed), Number(partition.Carried), Number(partition.Streams),
    ];

    private static string Number(long? value) => value?.ToString("N0") ?? "?";

    private static string Day(DateTimeOffset? at) => at is { } instant ? $"{instant:yyyy-MM-dd}" : "open";
}
