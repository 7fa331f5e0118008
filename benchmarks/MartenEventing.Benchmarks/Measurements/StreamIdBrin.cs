using System.Text.Json;
using MartenEventing.Benchmarks.Data;
using Npgsql;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// BRIN on stream ids, without the B-tree: which part of a month's pages a stream read has to look at, and what the
/// index weighs against the B-tree on stream and version.
/// </summary>
internal sealed class StreamIdBrin : IMeasurement
{
    private const string PagesKey = "stream_brin.pages_read";
    private const string BytesKey = "stream_brin.bytes";
    private const int Streams = 20;

    public IReadOnlyList<string> Keys => [PagesKey, BytesKey];

    public async Task<IReadOnlyList<Ratio>> RunAsync(Workbench bench, CancellationToken cancellation)
    {
        var pair = await bench.MainPairAsync(cancellation);
        var source = pair[Side.Partitioned];
        var month = HistoryOptions.MonthOf(bench.Now).AddMonths(-1);
        await source.ExecuteAsync(
            $"CREATE TABLE month_copy AS SELECT * FROM mt_events_m{month.UtcDateTime:yyyyMM} ORDER BY seq_id; "
            + "ANALYZE month_copy", cancellation);
        var found = new List<Ratio>();
        foreach (var (kind, opclass) in new[] { ("minmax", "uuid_minmax_ops"), ("bloom", "uuid_bloom_ops") })
        {
            await source.ExecuteAsync(
                $"CREATE INDEX month_brin ON month_copy USING brin (stream_id {opclass}) WITH (pages_per_range = 8)",
                cancellation);
            var variant = new Dictionary<string, object> { ["kind"] = kind };
            found.Add(new Ratio(PagesKey, $"BRIN {kind} on stream ids: pages looked at for a stream/pages of its month",
                await PagesReadAsync(source, cancellation)) { Variant = variant });
            found.Add(new Ratio(BytesKey, $"BRIN {kind} on stream ids/B-tree on stream and version: bytes",
                [await BytesAsync(source, cancellation)]) { Variant = variant });
            await source.ExecuteAsync("DROP INDEX month_brin", cancellation);
        }

        await source.ExecuteAsync("DROP TABLE month_copy", cancellation);
        return found;
    }

    private static async Task<IReadOnlyList<double>> PagesReadAsync(
        NpgsqlDataSource source, CancellationToken cancellation)
    {
        var streams = await source.ColumnAsync<Guid>(
            $"SELECT stream_id FROM month_copy GROUP BY 1 ORDER BY md5(stream_id::text) LIMIT {Streams}", [],
            cancellation);
        var pages = await source.ScalarAsync<long>(
            "SELECT pg_relation_size('month_copy') / current_setting('block_size')::bigint", [], cancellation);
        var found = new List<double>();
        foreach (var stream in streams)
        {
            var plan = await source.ScalarAsync<string>(
                "SET LOCAL enable_seqscan = off; EXPLAIN (ANALYZE, TIMING off, FORMAT json) SELECT * FROM month_copy "
                + $"WHERE stream_id = '{stream}'", [], cancellation);
            var scan = JsonDocument.Parse(plan).RootElement[0].GetProperty("Plan");
            found.Add(scan.GetProperty("Lossy Heap Blocks").GetInt64() / (double)pages);
        }

        return found;
    }

    private static async Task<double> BytesAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await source.ExecuteAsync("CREATE UNIQUE INDEX month_btree ON month_copy (stream_id, version)", cancellation);
        var ratio = await source.ScalarAsync<double>(
            "SELECT pg_relation_size('month_brin')::float8 / pg_relation_size('month_btree')", [], cancellation);
        await source.ExecuteAsync("DROP INDEX month_btree", cancellation);
        return ratio;
    }
}
