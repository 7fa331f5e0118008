using System.Diagnostics;
using MartenEventing.Benchmarks.Data;
using MartenEventing.Conversion;
using MartenEventing.Load;
using MartenEventing.Schema;
using Npgsql;
using Spectre.Console;

namespace MartenEventing.Benchmarks.Conversion;

/// <summary>
/// Fills a plain store, and converts it and back, twice, while an application is at work: once by way of complete, once
/// without.
/// </summary>
internal sealed class ConvertRun(BenchmarkServer server, ConvertOptions options, IAnsiConsole talk)
{
    private readonly List<ConvertPhase> _phases = [];

    /// <summary>Returns the phases, and everything that went wrong.</summary>
    public async Task<(IReadOnlyList<ConvertPhase> Phases, IReadOnlyList<string> Wrong)> RunAsync(
        CancellationToken cancellation)
    {
        var source = await FillAsync(cancellation);
        await using var load = await ApplicationLoad.StartAsync(source, new LoadOptions { Writers = options.Writers });
        await PhaseAsync(load, "at rest", async _ =>
        {
            await Task.Delay(TimeSpan.FromSeconds(10), cancellation);
            return null;
        }, source);
        foreach (var (name, call) in Calls(cancellation))
        {
            await PhaseAsync(load, name, call, source);
            if (load.Errors.Count > 0)
                break;
        }

        talk.WriteLine("  final check");
        return (_phases, await load.StopAsync());
    }

    private IEnumerable<(string, Func<StoreConversion, Task<ConversionStatus?>>)> Calls(CancellationToken cancellation)
    {
        foreach (var back in (string[])["revert", "rollback"])
        {
            yield return ("start", async c => await c.StartAsync(cancellation));
            if (options.Split)
                yield return ("split", async c => await c.SplitAsync(cancellation));
            if (back == "rollback")
            {
                yield return ("rollback", async c => await c.RollbackAsync(cancellation));
                continue;
            }

            yield return ("complete", async c => await c.CompleteAsync(cancellation));
            yield return ("revert", async c => await c.RevertAsync(cancellation));
        }
    }

    private async Task PhaseAsync(
        ApplicationLoad load, string name, Func<StoreConversion, Task<ConversionStatus?>> call, NpgsqlDataSource source)
    {
        var conversion = new StoreConversion(
            source, options: new ConversionOptions { Way = options.Way, BatchShare = options.Share });
        load.TakeFigures();
        var started = Stopwatch.GetTimestamp();
        var status = await call(conversion);
        var took = Stopwatch.GetElapsedTime(started);
        var phase = new ConvertPhase(name, took, status?.SwapDuration, load.TakeFigures(), load.Errors.Count);
        _phases.Add(phase);
        talk.WriteLine(
            $"  {name}: {took.TotalSeconds:0.0} s, longest append {phase.Load.LongestAppend.TotalMilliseconds:0} ms");
        await load.ProgressAsync();
    }

    /// <summary>Attaching and copying in turn, without a load.</summary>
    public async Task<IReadOnlyList<(RebuildComparison.Side Attach, RebuildComparison.Side Copy)>> CompareAsync(
        int rounds, CancellationToken cancellation)
    {
        var source = await FillAsync(cancellation);
        var found = new List<(RebuildComparison.Side, RebuildComparison.Side)>();
        for (var round = 1; round <= rounds; round++)
        {
            var pair = (await RebuildComparison.AttachAsync(server, source, cancellation),
                await RebuildComparison.CopyAsync(server, source, cancellation));
            talk.WriteLine($"  round {round}: attach {pair.Item1}, copy {pair.Item2}");
            found.Add(pair);
        }

        return found;
    }

    private async Task<NpgsqlDataSource> FillAsync(CancellationToken cancellation)
    {
        talk.WriteLine($"  loading {options.Events:N0} events of {options.Months} months");
        var source = await server.CreateDatabaseAsync("convert", cancellation);
        await new SchemaMigrator(source, new SchemaOptions { Layout = StoreLayout.Plain }).ApplyAsync(cancellation);
        var history = EventHistory.Create(
            HistoryOptions.LastMonths(DateTimeOffset.UtcNow, options.Months, options.Events));
        await HistoryLoader.LoadAsync(source, history, Side.Plain, cancellation);
        await source.ExecuteAsync("VACUUM (FREEZE, ANALYZE) mt_events, mt_streams", cancellation);
        await server.CheckpointAsync(cancellation);
        return source;
    }
}
