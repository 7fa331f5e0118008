using System.Globalization;
using Spectre.Console;

namespace MartenEventing.Benchmarks.Reporting;

/// <summary>The result for people.</summary>
internal static class RatioTable
{
    public static void Write(IAnsiConsole console, Circumstances about, IEnumerable<Ratio> ratios)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("key", "what");
        foreach (var heading in new[] { "ratio", "min", "max", "target" })
            table.AddColumn(new TableColumn(heading).RightAligned());
        table.AddColumn("met");
        foreach (var ratio in ratios)
        {
            table.AddRow(
                new Text(ratio.Key), new Text(ratio.What), Figure(ratio.Value, Style.Plain.Decoration(Decoration.Bold)),
                Figure(ratio.Min), Figure(ratio.Max), new Text(ratio.Target?.ToString() ?? ""), Verdict(ratio.Met));
        }

        console.Write(table);
        console.WriteLine(Describe(about));
    }

    private static string Describe(Circumstances about) =>
        (about.Quick ? "QUICK RUN: THE FIGURES SAY NOTHING. " : "")
        + string.Create(CultureInfo.InvariantCulture,
            $"{about.Months} months, {about.Events:N0} events, {about.Rounds} rounds ")
        + "on one server, both sides in turns; ratio = median of the rounds' ratios. "
        + $"{about.Processors} processors, {about.Writers} writers. "
        + string.Join(", ", about.Server.Select(setting => $"{setting.Key} = {setting.Value}")) + ".";

    private static Text Figure(double value, Style? style = null) =>
        new(value.ToString(
            value >= 100 ? "N0" : value >= 0.1 ? "0.00" : "0.0000", CultureInfo.InvariantCulture), style);

    private static Text Verdict(bool? met) => met switch
    {
        true => new Text("yes", new Style(Color.Green)),
        false => new Text("NO", new Style(Color.Red)),
        null => new Text("reported"),
    };
}
