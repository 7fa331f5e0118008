using MartenEventing.Benchmarks.Data;
using Npgsql;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// What an index on time weighs: BRIN on all partitions against the B-tree that the plain table would need.
/// </summary>
internal sealed class TimeIndex : IMeasurement
{
    private const string Key = "time_index.ratio";

    public IReadOnlyList<string> Keys => [Key];

    public async Task<IReadOnlyList<Ratio>> RunAsync(Workbench bench, CancellationToken cancellation)
    {
        var pair = await bench.MainPairAsync(cancellation);
        var here = await BytesAsync(pair[Side.Partitioned], "mt_events", "brin", cancellation)
            / await BTreeBytesAsync(pair[Side.Plain], "mt_events", cancellation);

        var heavy = await bench.HeavyMonthsAsync(cancellation);
        var leaf = $"mt_events_m{HistoryOptions.MonthOf(bench.Now).AddMonths(-1).UtcDateTime:yyyyMM}";
        var source = heavy.Pair[Side.Partitioned];
        var there = await BytesAsync(source, leaf, "brin", cancellation)
            / await BTreeBytesAsync(source, leaf, cancellation);
        return
        [
            new Ratio(Key, $"BRIN/B-tree on time, bytes, {bench.Options.Events:N0} events in {pair.Leaves} leaves",
                [here], Target.AtMost(0.1)),
            new Ratio(Key, $"BRIN/B-tree on time, bytes, a month of {bench.Options.HeavyMonth:N0} events",
                [there], Target.AtMost(0.01))
            {
                Variant = new Dictionary<string, object> { ["eventsInMonth"] = bench.Options.HeavyMonth },
            },
        ];
    }

    private static async Task<double> BTreeBytesAsync(
        NpgsqlDataSource source, string table, CancellationToken cancellation)
    {
        await source.ExecuteAsync($"CREATE INDEX bench_time ON {table} (timestamp)", cancellation);
        var bytes = await BytesAsync(source, table, "btree", cancellation);
        await source.ExecuteAsync("DROP INDEX bench_time", cancellation);
        return bytes;
    }

    private static async Task<double> BytesAsync(
        NpgsqlDataSource source, string table, string method, CancellationToken cancellation) =>
        await source.ScalarAsync<long>(SqlFile.Read("index_bytes"), [table, method], cancellation);
}
