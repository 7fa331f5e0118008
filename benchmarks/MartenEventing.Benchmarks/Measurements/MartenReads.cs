using MartenEventing.Benchmarks.Data;
using Npgsql;
using NpgsqlTypes;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// The two reads that Marten sends by itself and that nobody can bound: a stream, and the async daemon's next page.
/// Each not prepared, as Marten sends it, and prepared, as it comes out with Npgsql's auto-preparation; with few and
/// many partitions.
/// </summary>
internal sealed class MartenReads : IMeasurement
{
    private const string StreamKey = "stream_read_marten.ratio";
    private const string PageKey = "page_read_marten.ratio";
    private const int PageSize = 500;

    /// <summary>Head, tail and three months ahead come on top of the months that hold events.</summary>
    private const int EmptyLeaves = 5;

    public IReadOnlyList<string> Keys => [StreamKey, PageKey];

    public async Task<IReadOnlyList<Ratio>> RunAsync(Workbench bench, CancellationToken cancellation)
    {
        var found = new List<Ratio>();
        foreach (var leaves in bench.Options.LeafCounts)
        {
            var pair = await bench.SidePairAsync(leaves - EmptyLeaves, cancellation);
            foreach (var prepared in new[] { false, true })
            {
                if (bench.Options.Wants(StreamKey))
                    found.Add(await StreamsAsync(bench, pair, prepared, cancellation));
                if (!bench.Options.Wants(PageKey))
                    continue;
                found.Add(await PagesAsync(bench, pair, prepared, catchingUp: true, cancellation));
                found.Add(await PagesAsync(bench, pair, prepared, catchingUp: false, cancellation));
            }
        }

        return found;
    }

    private static async Task<Ratio> StreamsAsync(
        Workbench bench, StorePair pair, bool prepared, CancellationToken cancellation)
    {
        var random = new Random(pair.Leaves);
        var picks = Enumerable.Range(0, bench.Options.MartenReads * (bench.Options.Rounds + 1))
            .Select(_ => pair.History.Streams[random.Next(pair.History.Streams.Count)].Id).ToArray();
        var rounds = await MeasureAsync(bench, pair, "marten_stream", prepared, NpgsqlDbType.Uuid, 1,
            (command, number) => command.Parameters[0].Value = picks[number], cancellation);
        return new Ratio(StreamKey, $"Marten's stream read, {Words(pair, prepared)}: time partitioned/plain", rounds)
        {
            Variant = Variant(pair, prepared),
        };
    }

    private static async Task<Ratio> PagesAsync(
        Workbench bench, StorePair pair, bool prepared, bool catchingUp, CancellationToken cancellation)
    {
        var random = new Random(pair.Leaves);
        var highWater = pair.History.LastSequence;
        var rounds = await MeasureAsync(
            bench, pair, "marten_page", prepared, NpgsqlDbType.Bigint, 2, SetFloor, cancellation);
        var where = catchingUp ? "rebuild, floor anywhere" : "continuous, the last 500";
        var what = $"Marten's page read ({where}), {Words(pair, prepared)}: time partitioned/plain";
        return new Ratio(PageKey, what, rounds)
        {
            Variant = new Dictionary<string, object>(Variant(pair, prepared))
            {
                ["floor"] = catchingUp ? "anywhere" : "last500",
            },
        };

        void SetFloor(NpgsqlCommand command, int number)
        {
            command.Parameters[0].Value = catchingUp
                ? new Random(number).NextInt64(pair.History.FirstSequence, Math.Max(2, highWater - PageSize))
                : highWater - PageSize;
            command.Parameters[1].Value = highWater;
        }
    }

    private static async Task<IReadOnlyList<double>> MeasureAsync(
        Workbench bench, StorePair pair, string sql, bool prepared, NpgsqlDbType type, int parameters,
        Action<NpgsqlCommand, int> set, CancellationToken cancellation)
    {
        await using var plain =
            await CommandOnItsOwn.OpenAsync(pair[Side.Plain], sql, prepared, type, parameters, cancellation);
        await using var partitioned =
            await CommandOnItsOwn.OpenAsync(pair[Side.Partitioned], sql, prepared, type, parameters, cancellation);
        var found = await Rounds.ReadAsync(
            2, warmUp: 1, bench.Options.Rounds, bench.Options.MartenReads, async (side, number, token) =>
        {
            var command = (side == (int)Side.Plain ? plain : partitioned).Command;
            set(command, number);
            await RowReader.DrainAsync(command, token);
        }, processorTime: null, cancellation);
        return [.. found.Select(round => round.Ratio)];
    }

    private static string Words(StorePair pair, bool prepared) =>
        $"{(prepared ? "prepared" : "not prepared")}, {pair.Leaves} leaves";

    private static Dictionary<string, object> Variant(StorePair pair, bool prepared) =>
        new() { ["leaves"] = pair.Leaves, ["prepared"] = prepared };
}
