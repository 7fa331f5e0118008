using System.CommandLine;
using System.Globalization;
using MartenEventing.Benchmarks.Reporting;
using MartenEventing.Conversion;
using MartenEventing.LocalPostgres;
using Spectre.Console;

namespace MartenEventing.Benchmarks.Conversion;

/// <summary>The <c>convert</c> command: what an application at work notices of a conversion.</summary>
internal static class ConvertCommand
{
    private static readonly ConvertOptions Defaults = new();

    private static readonly Option<int> Events = new("--events")
    {
        Description = "Events in the plain store.", DefaultValueFactory = _ => Defaults.Events,
    };

    private static readonly Option<int> Months = new("--months")
    {
        Description = "Months of history, the current one included.", DefaultValueFactory = _ => Defaults.Months,
    };

    private static readonly Option<int> Writers = new("--writers")
    {
        Description = "Writers; every second one as Marten's Rich mode, the others as Quick.",
        DefaultValueFactory = _ => Defaults.Writers,
    };

    private static readonly Option<ConversionWay> Way = new("--way")
    {
        Description = "The way.", DefaultValueFactory = _ => Defaults.Way,
    };

    private static readonly Option<bool> Split = new("--split") { Description = "Split the head too." };

    private static readonly Option<double> Share = new("--share")
    {
        Description = "The share of time that batches take.", DefaultValueFactory = _ => Defaults.Share,
    };

    private static readonly Option<int> Copies = new("--against-copy")
    {
        Description = "Instead: rounds of attaching against copying as Marten does, without a load. 0 for none.",
    };

    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("convert", "Convert a plain store and back while an application is at work.")
        {
            Events, Months, Writers, Way, Split, Share, Copies,
        };
        command.SetAction((result, cancellation) => RunAsync(result, output, Consoles.Over(error), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult result, TextWriter output, IAnsiConsole talk, CancellationToken cancellation)
    {
        try
        {
            var options = new ConvertOptions
            {
                Events = result.GetValue(Events), Months = result.GetValue(Months), Writers = result.GetValue(Writers),
                Way = result.GetValue(Way), Split = result.GetValue(Split), Share = result.GetValue(Share),
            }.Validated();
            await using var server = await BenchmarkServer.StartAsync(cancellation);
            if (result.GetValue(Copies) is > 0 and var rounds)
            {
                Write(Consoles.Over(output),
                    await new ConvertRun(server, options, talk).CompareAsync(rounds, cancellation));
                return 0;
            }

            var (phases, wrong) = await new ConvertRun(server, options, talk).RunAsync(cancellation);
            Write(Consoles.Over(output), options, phases);
            foreach (var line in wrong)
                output.WriteLine("WRONG: " + line);
            output.WriteLine(wrong.Count == 0
                ? "No event is lost, double or invisible; versions have no gaps; nobody met an error."
                : $"{wrong.Count} things are wrong.");
            return wrong.Count == 0 ? 0 : 1;
        }
        catch (ArgumentException wrong)
        {
            talk.WriteLine(wrong.Message);
            return 2;
        }
        catch (Exception failure) when (failure is PostgresNotFoundException or LocalServerException)
        {
            talk.WriteLine(failure.Message);
            return 1;
        }
    }

    private static void Write(IAnsiConsole console, ConvertOptions options, IReadOnlyList<ConvertPhase> phases)
    {
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Events:N0} events of {options.Months} months, way {options.Way}, {options.Writers} writers, 5 " +
            $"readers"));
        var table = new Table().Border(TableBorder.Markdown);
        table.AddColumns(
            "phase", "seconds", "swap ms", "longest append ms", "longest read ms", "events acknowledged", "conflicts",
            "reads", "errors");
        foreach (var phase in phases)
        {
            table.AddRow(
                phase.Name, Number(phase.Took.TotalSeconds, "0.0"), Number(phase.Swap?.TotalMilliseconds, "0"),
                Number(phase.Load.LongestAppend.TotalMilliseconds, "0"),
                Number(phase.Load.LongestRead.TotalMilliseconds, "0"), Number(phase.Load.Events, "#,0"),
                Number(phase.Load.Conflicts, "#,0"), Number(phase.Load.Reads, "#,0"), Number(phase.Errors, "0"));
        }

        console.Write(table);
    }

    private static void Write(
        IAnsiConsole console, IReadOnlyList<(RebuildComparison.Side Attach, RebuildComparison.Side Copy)> rounds)
    {
        var table = new Table().Border(TableBorder.Markdown);
        table.AddColumns("copy / attach", "median", "least", "most");
        foreach (var (name, ratio) in (IEnumerable<(string, Func<RebuildComparison.Side, double>)>)
            [("time", s => s.Seconds), ("writers locked out", s => s.LockedOutSeconds), ("WAL", s => s.WalBytes)])
        {
            var ratios = rounds.Select(round => ratio(round.Copy) / ratio(round.Attach)).Order().ToList();
            table.AddRow(
                name, Number(ratios[ratios.Count / 2], "0.0"), Number(ratios[0], "0.0"), Number(ratios[^1], "0.0"));
        }

        console.Write(table);
    }

    private static string Number(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
