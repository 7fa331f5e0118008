using System.Globalization;
using MartenEventing.Events;

namespace MartenEventing.Cli.Commands.Events;

/// <summary>Tells what an import stored, or would store.</summary>
internal static class ImportSummary
{
    public static int Write(CommandContext context, ImportReport report)
    {
        if (context.Json)
            context.Output.WriteJson(report);
        else
            context.Output.WriteFacts(
                ("Events", Number(report.Events)),
                ("New streams", Number(report.NewStreams)),
                ("From", Time(report.Earliest)),
                ("To", Time(report.Latest)),
                ("Partitions made", Names(report.PartitionsMade)),
                ("Events in the head", Number(report.EventsInHead)),
                ("Lines", Lines(report.Lines, report.LinesDoneBefore, report.InvalidLines, "set aside")),
                ("Source", report.Source));
        return Warn(context, report.Lines, report.LinesDoneBefore, report.Source);
    }

    public static int Write(CommandContext context, ImportPlan plan)
    {
        if (context.Json)
            context.Output.WriteJson(plan);
        else
            WriteText(context, plan);
        context.Output.Say("Nothing was stored.");
        return Warn(context, plan.Lines, plan.LinesDoneBefore, plan.Source);
    }

    private static void WriteText(CommandContext context, ImportPlan plan)
    {
        context.Output.WriteFacts(
            ("Events", Number(plan.Events)),
            ("Streams", Number(plan.Streams) + (plan.Streams == ImportPlan.MostStreams ? " or more" : "")),
            ("From", Time(plan.Earliest)),
            ("To", Time(plan.Latest)),
            ("Partitions to make", Names(plan.PartitionsToMake)),
            ("Events in the head", Number(plan.EventsInHead)),
            ("Lines", Lines(plan.Lines, plan.LinesDoneBefore, plan.InvalidLines, "to set aside")),
            ("Source", plan.Source));
        if (!context.ShowSql)
            return;
        foreach (var statement in plan.Sql)
            context.Output.Write(statement + ";");
    }

    private static int Warn(CommandContext context, long lines, long doneBefore, string source)
    {
        if (doneBefore > lines)
            context.Output.Warn($"{Number(doneBefore)} lines of source \"{source}\" were imported before, and this "
                + $"input has {Number(lines)}. If it is other data, give it another --source.");
        return ExitCode.Done;
    }

    private static string Lines(long all, long before, long invalid, string aside) =>
        $"{Number(all)}, of these {Number(before)} imported before and {Number(invalid)} {aside}";

    private static string Names(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "none",
        1 => names[0],
        _ => $"{Number(names.Count)}: {names.Min(StringComparer.Ordinal)} to {names.Max(StringComparer.Ordinal)}",
    };

    private static string Time(DateTimeOffset? time) =>
        time?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
