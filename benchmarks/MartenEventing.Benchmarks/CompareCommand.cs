using System.CommandLine;
using MartenEventing.Benchmarks.Conversion;
using MartenEventing.Benchmarks.Measurements;
using MartenEventing.Benchmarks.Reporting;
using MartenEventing.Benchmarks.Retention;
using MartenEventing.Benchmarks.Tenants;
using MartenEventing.Events;
using MartenEventing.LocalPostgres;
using Npgsql;
using Spectre.Console;

namespace MartenEventing.Benchmarks;

/// <summary>The <c>compare</c> command: plain against partitioned, ratios to stdout, progress to stderr.</summary>
internal static class CompareCommand
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int WrongUsage = 2;

    private static readonly CompareOptions Defaults = new();

    private static readonly Option<int> Months = new("--months")
    {
        Description = "Months of history, the current one included.",
        DefaultValueFactory = _ => Defaults.Months,
    };

    private static readonly Option<int> Events = new("--events")
    {
        Description = "Events in the main comparison; side comparisons take a quarter.",
        DefaultValueFactory = _ => Defaults.Events,
    };

    private static readonly Option<int> RoundCount = new("--rounds")
    {
        Description = "Rounds; each gives one ratio, the median is the result.",
        DefaultValueFactory = _ => Defaults.Rounds,
    };

    private static readonly Option<string?> Only = new("--only")
    {
        Description = "Names, or beginnings of names, of the ratios wanted, with commas in between.",
    };

    private static readonly Option<bool> Quick = new("--quick")
    {
        Description = "Everything tiny: shows that the comparison runs; its figures say nothing.",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print the ratios as JSON." };

    public static async Task<int> RunAsync(
        string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        return await Tree(output, error).Parse(arguments is [] ? ["--help"] : arguments).InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = null },
            cancellation);
    }

    /// <summary>All benchmarks of this program.</summary>
    public static RootCommand Tree(TextWriter output, TextWriter error)
    {
        var compare = new Command("compare", "Compare the plain and the partitioned layout in one run on one server.")
        {
            Months, Events, RoundCount, Only, Quick, Json,
        };
        compare.SetAction((result, token) => CompareAsync(result, output, Consoles.Over(error), token));
        return new RootCommand("Plain against partitioned event stores.")
        {
            compare, ConvertCommand.Create(output, error), RetentionCommand.Create(output, error),
            TenantsCommand.Create(output, error),
        };
    }

    private static async Task<int> CompareAsync(
        ParseResult result, TextWriter output, IAnsiConsole talk, CancellationToken cancellation)
    {
        try
        {
            var options = Read(result);
            await using var server = await BenchmarkServer.StartAsync(cancellation);
            var about = new Circumstances(options.Months, options.Events, options.Rounds, options.Writers,
                Environment.ProcessorCount, result.GetValue(Quick), await server.SettingsAsync(cancellation));
            var bench = new Workbench(server, options, TimeProvider.System, talk);
            var (ratios, failed) = await MeasureAsync(bench, cancellation);
            if (result.GetValue(Json))
                output.WriteLine(RatioJson.Write(about, ratios));
            else
                RatioTable.Write(Consoles.Over(output), about, ratios);
            return failed ? Failed : Done;
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
    }

    private static CompareOptions Read(ParseResult result)
    {
        var options = new CompareOptions
        {
            Months = result.GetValue(Months),
            Events = result.GetValue(Events),
            Rounds = result.GetValue(RoundCount),
            Only = result.GetValue(Only)?.Split(
                ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
        }.Validated();
        var unknown = options.Only.FirstOrDefault(name => !Catalogue.Keys
            .Any(key => key.StartsWith(name, StringComparison.OrdinalIgnoreCase)));
        if (unknown is not null)
        {
            throw new ArgumentException(
                $"--only names \"{unknown}\". Ratios are: {string.Join(", ", Catalogue.Keys)}.");
        }

        return result.GetValue(Quick) ? options.Quick() : options;
    }

    /// <summary>
    /// All measurements that are wanted. One that fails is told, and does not cost the figures of the others.
    /// </summary>
    private static async Task<(IReadOnlyList<Ratio> Ratios, bool Failed)> MeasureAsync(
        Workbench bench, CancellationToken cancellation)
    {
        var found = new List<Ratio>();
        var failed = false;
        foreach (var measurement in Catalogue.All.Where(measurement => bench.Options.Wants(measurement.Keys)))
        {
            var keys = string.Join(", ", measurement.Keys.Where(bench.Options.Wants));
            bench.Say(keys);
            try
            {
                found.AddRange(await measurement.RunAsync(bench, cancellation));
            }
            catch (Exception failure)
                when (failure is NpgsqlException or EventStoreException or InvalidOperationException)
            {
                bench.Say($"FAILED: {keys}: {failure}");
                failed = true;
            }
        }

        return ([.. found.Where(ratio => bench.Options.Wants(ratio.Key))], failed);
    }
}
