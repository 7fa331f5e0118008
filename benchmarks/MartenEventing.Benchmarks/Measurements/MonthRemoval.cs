using System.Diagnostics;
using MartenEventing.Benchmarks.Data;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// Removing a month: DELETE on the plain table, and the VACUUM that has to follow before the space can be used again;
/// DETACH CONCURRENTLY and DROP of the partition. Each after a checkpoint, as a month is that nobody has written to for
/// long.
/// </summary>
internal sealed class MonthRemoval : IMeasurement
{
    private const string SpeedupKey = "drop_month.speedup";
    private const string WalKey = "drop_month.wal_ratio";

    public IReadOnlyList<string> Keys => [SpeedupKey, WalKey];

    public async Task<IReadOnlyList<Ratio>> RunAsync(Workbench bench, CancellationToken cancellation)
    {
        var heavy = await bench.HeavyMonthsAsync(cancellation);
        var removals = new List<(Removal Plain, Removal Partitioned)>();
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            bench.Say($"  round {round + 1} of {bench.Options.Rounds}: filling a month");
            var month = await heavy.FillNextAsync(cancellation);
            var found = await Rounds.RoundAsync(round, turns: 1, (side, token) => side == Side.Plain
                ? DeleteAsync(bench.Server, heavy.Pair, month, token)
                : DropAsync(bench.Server, heavy.Pair, month, token), (one, _) => one, cancellation);
            removals.Add((found[0], found[1]));
        }

        var what = $"removing a month of {bench.Options.HeavyMonth:N0} events, plain/partitioned: time ";
        return
        [
            new Ratio(SpeedupKey, what + "of DELETE/DETACH and DROP",
                [.. removals.Select(pair => pair.Plain.First / pair.Partitioned.Both)], Target.AtLeast(50)),
            new Ratio(SpeedupKey, what + "of DELETE and VACUUM/DETACH and DROP",
                [.. removals.Select(pair => pair.Plain.Both / pair.Partitioned.Both)])
            {
                Variant = new Dictionary<string, object> { ["plain"] = "with VACUUM" },
            },
            new Ratio(SpeedupKey, what + "until readers see it gone, DELETE/DETACH",
                [.. removals.Select(pair => pair.Plain.First / pair.Partitioned.First)])
            {
                Variant = new Dictionary<string, object> { ["until"] = "gone for readers" },
            },
            new Ratio(WalKey, $"removing a month of {bench.Options.HeavyMonth:N0} events, plain/partitioned: WAL bytes",
                [.. removals.Select(pair => pair.Plain.Wal / pair.Partitioned.Wal)], Target.AtLeast(100)),
        ];
    }

    /// <summary>The WAL is that of the DELETE alone.</summary>
    private static async Task<Removal> DeleteAsync(
        BenchmarkServer server, StorePair pair, DateTimeOffset month, CancellationToken cancellation)
    {
        var source = pair[Side.Plain];
        var before = await server.WalBytesAsync(cancellation);
        var start = Stopwatch.GetTimestamp();
        await source.ExecuteAsync(
            $"DELETE FROM mt_events WHERE timestamp >= '{month:O}' AND timestamp < '{month.AddMonths(1):O}'",
            cancellation);
        var deleted = Stopwatch.GetElapsedTime(start);
        var wal = await server.WalBytesAsync(cancellation) - before;
        await source.ExecuteAsync("VACUUM mt_events", cancellation);
        return new Removal(deleted.Ticks, Stopwatch.GetElapsedTime(start).Ticks, wal);
    }

    private static async Task<Removal> DropAsync(
        BenchmarkServer server, StorePair pair, DateTimeOffset month, CancellationToken cancellation)
    {
        var source = pair[Side.Partitioned];
        var leaf = $"mt_events_m{month.UtcDateTime:yyyyMM}";
        var before = await server.WalBytesAsync(cancellation);
        var start = Stopwatch.GetTimestamp();
        await source.ExecuteAsync($"ALTER TABLE mt_events DETACH PARTITION {leaf} CONCURRENTLY", cancellation);
        var detached = Stopwatch.GetElapsedTime(start);
        await source.ExecuteAsync($"DROP TABLE {leaf}", cancellation);
        var both = Stopwatch.GetElapsedTime(start);
        return new Removal(detached.Ticks, both.Ticks, await server.WalBytesAsync(cancellation) - before);
    }

    /// <summary>Ticks until readers see the month gone, ticks until its space is free, bytes of WAL.</summary>
    private readonly record struct Removal(double First, double Both, double Wal);
}
