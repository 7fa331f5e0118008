using MartenEventing.Benchmarks.Data;
using Npgsql;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// Removing a month: DELETE on the plain table, without the VACUUM that has to follow; DETACH CONCURRENTLY and DROP of
/// the partition. Each after a checkpoint, as a month is that nobody has written to for long.
/// </summary>
internal sealed class MonthRemoval : IMeasurement
{
    private const string SpeedupKey = "drop_month.speedup";
    private const string WalKey = "drop_month.wal_ratio";

    public IReadOnlyList<string> Keys => [SpeedupKey, WalKey];

    public async Task<IReadOnlyList<Ratio>> RunAsync(Workbench bench, CancellationToken cancellation)
    {
        var heavy = await bench.HeavyMonthsAsync(cancellation);
        var (times, wal) = (new List<double>(), new List<double>());
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            bench.Say($"  round {round + 1} of {bench.Options.Rounds}: filling a month");
            var month = await heavy.FillNextAsync(cancellation);
            var bytes = new double[2];
            var found = await Rounds.TimeAsync(round, turns: 1, async (side, token) =>
            {
                var before = await bench.Server.WalBytesAsync(token);
                await RemoveAsync(heavy.Pair[side], side, month, token);
                bytes[(int)side] = await bench.Server.WalBytesAsync(token) - before;
            }, cancellation);
            times.Add(found.Speedup);
            wal.Add(bytes[0] / bytes[1]);
        }

        var what = $"removing a month of {bench.Options.HeavyMonth:N0} events";
        return
        [
            new Ratio(SpeedupKey, $"{what}: time plain/partitioned", times, Target.AtLeast(50)),
            new Ratio(WalKey, $"{what}: WAL bytes plain/partitioned", wal, Target.AtLeast(100)),
        ];
    }

    private static async Task RemoveAsync(
        NpgsqlDataSource source, Side side, DateTimeOffset month, CancellationToken cancellation)
    {
        if (side == Side.Plain)
        {
            await source.ColumnAsync<int>(
                "WITH gone AS (DELETE FROM mt_events WHERE timestamp >= $1 AND timestamp < $2) SELECT 1",
                [month.UtcDateTime, month.AddMonths(1).UtcDateTime], cancellation);
            return;
        }

        var leaf = $"mt_events_m{month.UtcDateTime:yyyyMM}";
        await source.ExecuteAsync($"ALTER TABLE mt_events DETACH PARTITION {leaf} CONCURRENTLY", cancellation);
        await source.ExecuteAsync($"DROP TABLE {leaf}", cancellation);
    }
}
