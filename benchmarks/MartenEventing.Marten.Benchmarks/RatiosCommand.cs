using System.CommandLine;
using System.Globalization;
using MartenEventing.Benchmarks.Applications.Measurements;
using MartenEventing.Benchmarks.Reporting;
using MartenEventing.LocalPostgres;
using Spectre.Console;

namespace MartenEventing.Benchmarks.Applications;

/// <summary>
/// The only command: the same Marten application without the extension and with it. Ratios to stdout, progress to
/// stderr.
/// </summary>
internal static class RatiosCommand
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int WrongUsage = 2;

    private static readonly RatiosOptions Defaults = new();

    private static readonly Option<string> Months = new("--months")
    {
        Description = "Months of history, the current one included, with commas in between; each gives a table.",
        DefaultValueFactory = _ => string.Join(',', Defaults.Months),
    };

    private static readonly Option<int> Events = new("--events")
    {
        Description = "Events of each history, spread over its months.",
        DefaultValueFactory = _ => Defaults.Events,
    };

    private static readonly Option<int> RoundCount = new("--rounds")
    {
        Description = "Rounds; each gives one ratio, the median is the result.",
        DefaultValueFactory = _ => Defaults.Rounds,
    };

    private static readonly Option<int> ReadCount = new("--reads")
    {
        Description = "Reads of each application in a round.",
        DefaultValueFactory = _ => Defaults.Reads,
    };

    private static readonly Option<int?> AtMost = new("--at-most")
    {
        Description = "Merge the oldest partitions before, as maintenance does, until there are no more than so many.",
    };

    private static readonly Option<string?> Only = new("--only")
    {
        Description = "Names, or beginnings of names, of the ratios wanted, with commas in between.",
    };

    private static readonly Option<string?> Connection = new("--connection")
    {
        Description = "The server to compare on; else that of MARTEN_EVENTING_CONNECTION, else a private one.",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the ratios as JSON." };

    public static Task<int> RunAsync(
        string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var root = new RootCommand("The same Marten application with plain and with time-partitioned events.")
        {
            Months, Events, RoundCount, ReadCount, AtMost, Only, Connection, Json,
        };
        root.SetAction((result, token) => CompareAsync(result, output, Consoles.Over(error), token));
        return root.Parse(arguments).InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = null },
            cancellation);
    }

    private static async Task<int> CompareAsync(
        ParseResult result, TextWriter output, IAnsiConsole talk, CancellationToken cancellation)
    {
        try
        {
            var options = Read(result);
            await using var server = await BenchmarkServer.StartAsync(cancellation, result.GetValue(Connection));
            var all = new List<Ratio>();
            foreach (var months in options.Months)
            {
                var ratios = await MeasureAsync(server, options, months, talk, cancellation);
                if (!result.GetValue(Json))
                    RatioTable.Write(Consoles.Over(output), await AboutAsync(server, options, months), ratios);
                all.AddRange(ratios);
            }

            if (result.GetValue(Json))
                output.WriteLine(RatioJson.Write(await AboutAsync(server, options, options.Months.Max()), all));
            return Done;
        }
        catch (ArgumentException wrong)
        {
            talk.WriteLine(wrong.Message);
            return WrongUsage;
        }
        catch (Exception failure) when (failure is PostgresNotFoundException or LocalServerException)
        {
            talk.WriteLine(failure.Message);
            return Failed;
        }

        async Task<Circumstances> AboutAsync(BenchmarkServer server, RatiosOptions options, int months) =>
            new(months, options.Events, options.Rounds, options.Writers, Environment.ProcessorCount, Quick: false,
                await server.SettingsAsync(cancellation));
    }

    private static async Task<IReadOnlyList<Ratio>> MeasureAsync(
        BenchmarkServer server, RatiosOptions options, int months, IAnsiConsole talk, CancellationToken cancellation)
    {
        talk.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"loading {options.Events:N0} events of {months} months into both"));
        await using var pair =
            await ApplicationPair.CreateAsync(server, DateTimeOffset.UtcNow, months, options, cancellation);
        var found = await Catalogue.RunAsync(pair, options, talk.WriteLine, cancellation);
        return
        [
            .. found.OrderBy(ratio => Catalogue.Keys.ToList().IndexOf(ratio.Key)).Select(ratio => ratio with
            {
                Key = ratio.Key.Replace(".ratio", $".{months}.ratio", StringComparison.Ordinal),
                Variant = new Dictionary<string, object>(ratio.Variant)
                {
                    ["months"] = months, ["leaves"] = pair.Leaves,
                },
            }),
        ];
    }

    private static RatiosOptions Read(ParseResult result)
    {
        var options = new RatiosOptions
        {
            Months = [.. List(result.GetValue(Months)).Select(Number)],
            Events = result.GetValue(Events),
            Rounds = result.GetValue(RoundCount),
            Reads = result.GetValue(ReadCount),
            PartitionsAtMost = result.GetValue(AtMost),
            Only = List(result.GetValue(Only)),
        }.Validated();
        var unknown = options.Only.FirstOrDefault(
            name => !Catalogue.Keys.Any(key => key.StartsWith(name, StringComparison.OrdinalIgnoreCase)));
        return unknown is null
            ? options
            : throw new ArgumentException(
                $"--only names \"{unknown}\". Ratios are: {string.Join(", ", Catalogue.Keys)}.");
    }

    private static string[] List(string? text) =>
        text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ArgumentException($"--months has \"{text}\". Allowed: numbers with commas in between.");
}
