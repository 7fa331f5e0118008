using MartenEventing.Benchmarks.Data;
using MartenEventing.Events;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// A stream read through the store, on both layouts. Streams that the store has not met: most ids tell when their stream began
/// (UUIDv7), some do not (v4); and streams that it remembers.
/// </summary>
internal sealed class StreamRead : IMeasurement
{
    private const string Key = "stream_read.ratio";
    private const string UnknownKey = "stream_read_v4.ratio";
    private const string RememberedKey = "stream_read_remembered.ratio";

    /// <summary>Fewer than the store remembers.</summary>
    private const int Remembered = 300;

    public IReadOnlyList<string> Keys => [Key, UnknownKey, RememberedKey];

    public async Task<IReadOnlyList<Ratio>> RunAsync(Workbench bench, CancellationToken cancellation)
    {
        var pair = await bench.MainPairAsync(cancellation);
        var telling = pair.History.Streams.Where(stream => stream.TellsItsTime).ToArray();
        var silent = pair.History.Streams.Where(stream => !stream.TellsItsTime).ToArray();
        return
        [
            new Ratio(Key, $"stream read through the store, id tells its time, {pair.Leaves} leaves: time partitioned/plain",
                await MeasureAsync(bench, pair, telling, cancellation), Target.AtMost(1.5)),
            new Ratio(UnknownKey, "the same, ids random, streams not met before",
                await MeasureAsync(bench, pair, silent, cancellation)),
            new Ratio(RememberedKey, "the same, ids random, streams remembered",
                await MeasureAsync(bench, pair, [.. silent.Take(Remembered)], cancellation)),
        ];
    }

    private static async Task<IReadOnlyList<double>> MeasureAsync(
        Workbench bench, StorePair pair, IReadOnlyList<GeneratedStream> streams, CancellationToken cancellation)
    {
        await using var stores = new ComparedStores(pair);
        var random = new Random(streams.Count);
        var order = Enumerable.Range(0, streams.Count).ToArray();
        random.Shuffle(order);
        var found = await Rounds.LatenciesAsync(bench.Options.Rounds, bench.Options.Reads,
            (side, number, token) => stores.LoadAsync(side, streams[order[number % order.Length]], token), cancellation);
        return [.. found.Select(pairing => pairing.Ratio)];
    }
}
