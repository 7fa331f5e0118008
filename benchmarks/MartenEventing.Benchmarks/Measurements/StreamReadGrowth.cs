using MartenEventing.Benchmarks.Data;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// What a stream read costs with 120 months, against what it costs with 12: the ratio to plain of each, divided.
/// </summary>
internal sealed class StreamReadGrowth : IMeasurement
{
    private const string Key = "stream_read.growth";

    public IReadOnlyList<string> Keys => [Key];

    public async Task<IReadOnlyList<Ratio>> RunAsync(Workbench bench, CancellationToken cancellation)
    {
        var (fewMonths, manyMonths) = bench.Options.GrowthMonths;
        var few = await bench.SidePairAsync(fewMonths, cancellation);
        var many = await bench.SidePairAsync(manyMonths, cancellation);
        await using var fewStores = new ComparedStores(few);
        await using var manyStores = new ComparedStores(many);
        var (fromFew, fromMany) = (Shuffled(few), Shuffled(many));
        var found = await Rounds.ReadAsync(4, bench.Options.WarmUpRounds, bench.Options.Rounds, bench.Options.Reads,
            (store, number, token) => store < 2
                ? fewStores.LoadAsync((Side)store, fromFew[number % fromFew.Length], token)
                : manyStores.LoadAsync((Side)(store - 2), fromMany[number % fromMany.Length], token),
            (store, token) => store < 2
                ? fewStores.ProcessorTimeAsync((Side)store, token)
                : manyStores.ProcessorTimeAsync((Side)(store - 2), token),
            cancellation);
        var growths = found.Select(Growth).ToArray();
        return
        [
            .. ReadRatios.Of(Key,
                $"stream read through the store, partitioned/plain at {manyMonths} months over that at {fewMonths}",
                growths, Target.AtMost(1.1)),
        ];
    }

    /// <summary>
    /// The ratio at few months takes the place of the plain side, that at many months of the partitioned one.
    /// </summary>
    private static ReadRound Growth(ReadRound round)
    {
        var (time, work) = (round.Medians, round.ProcessorTimes);
        return new ReadRound([time[1] / time[0], time[3] / time[2]], [work[1] / work[0], work[3] / work[2]]);
    }

    private static GeneratedStream[] Shuffled(StorePair pair)
    {
        var streams = pair.History.Streams.Where(stream => stream.TellsItsTime).ToArray();
        new Random(pair.Leaves).Shuffle(streams);
        return streams;
    }
}
