using MartenEventing.Benchmarks.Data;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>What a stream read costs with 120 months, against what it costs with 12: the ratio to plain of each, divided.</summary>
internal sealed class StreamReadGrowth : IMeasurement
{
    private const string Key = "stream_read.growth";
    private const int Few = 12;
    private const int Many = 120;

    public IReadOnlyList<string> Keys => [Key];

    public async Task<IReadOnlyList<Ratio>> RunAsync(Workbench bench, CancellationToken cancellation)
    {
        var few = await bench.SidePairAsync(Few, cancellation);
        var many = await bench.SidePairAsync(Many, cancellation);
        await using var fewStores = new ComparedStores(few);
        await using var manyStores = new ComparedStores(many);
        var (fromFew, fromMany) = (Shuffled(few), Shuffled(many));
        var found = await Rounds.LatenciesAsync(4, bench.Options.Rounds, bench.Options.Reads,
            (store, number, token) => store < 2
                ? fewStores.LoadAsync((Side)store, fromFew[number % fromFew.Length], token)
                : manyStores.LoadAsync((Side)(store - 2), fromMany[number % fromMany.Length], token), cancellation);
        return
        [
            new Ratio(Key, $"stream read through the store, partitioned/plain at {Many} months over that at {Few}",
                [.. found.Select(times => times[3] / times[2] / (times[1] / times[0]))], Target.AtMost(1.1)),
            new Ratio(Key, $"stream read through the store, time at {Many} months/time at {Few}, partitioned both",
                [.. found.Select(times => times[3] / times[1])])
            {
                Variant = new Dictionary<string, object> { ["plain"] = "not considered" },
            },
        ];
    }

    private static GeneratedStream[] Shuffled(StorePair pair)
    {
        var streams = pair.History.Streams.Where(stream => stream.TellsItsTime).ToArray();
        new Random(pair.Leaves).Shuffle(streams);
        return streams;
    }
}
