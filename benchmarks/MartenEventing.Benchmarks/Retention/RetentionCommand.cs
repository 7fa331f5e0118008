using System.CommandLine;
using MartenEventing.Benchmarks.Reporting;
using Spectre.Console;

namespace MartenEventing.Benchmarks.Retention;

/// <summary>The <c>retention</c> command: what it takes to let one month of many go.</summary>
internal static class RetentionCommand
{
    private static readonly Option<int> Events = new("--events")
    {
        Description = "Events in each store.", DefaultValueFactory = _ => 1_000_000,
    };

    private static readonly Option<int> Months = new("--months")
    {
        Description = "Months of history.", DefaultValueFactory = _ => 60,
    };

    private static readonly Option<int> Rounds = new("--rounds")
    {
        Description = "Rounds, each with new stores.", DefaultValueFactory = _ => 5,
    };

    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command(
            "retention", "Let one month of many go: by DELETE on plain, by generations, by cutting.")
        {
            Events, Months, Rounds,
        };
        command.SetAction((result, cancellation) => RunAsync(result, output, Consoles.Over(error), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult result, TextWriter output, IAnsiConsole talk, CancellationToken cancellation)
    {
        await using var server = await BenchmarkServer.StartAsync(cancellation);
        var round = new RetentionRound(server, result.GetValue(Events), result.GetValue(Months));
        var sides = new List<RetentionSide>();
        for (var i = 0; i < result.GetValue(Rounds); i++)
        {
            talk.WriteLine($"  round {i + 1}");
            sides.Add(await round.DeleteAsync(cancellation));
            sides.Add(await round.ExpireAsync(cut: false, cancellation));
            sides.Add(await round.ExpireAsync(cut: true, cancellation));
        }

        var table = new Table().NoBorder().AddColumns(
            "way", "events", "seconds", "WAL MB", "locked out ms", "VACUUM seconds", "VACUUM WAL MB");
        foreach (var way in sides.GroupBy(side => side.Way))
            table.AddRow(
                way.Key, $"{way.First().Events:N0}", $"{Median(way, s => s.Removal.Seconds):0.00}",
                $"{Median(way, s => s.Removal.WalBytes) / 1e6:0.0}", $"{Median(way, s => (s.Held ?? 0) * 1000):0}",
                $"{Median(way, s => s.Vacuum.Seconds):0.00}",
                $"{Median(way, s => s.Vacuum.WalBytes) / 1e6:0.0}");
        Consoles.Over(output).Write(table);
        return 0;
    }

    private static double Median(IEnumerable<RetentionSide> sides, Func<RetentionSide, double> figure)
    {
        var sorted = sides.Select(figure).Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
