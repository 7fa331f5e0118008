using MartenEventing.Benchmarks.Data;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// A stream read through the store, on both layouts. Streams that the store has not met: most ids tell when their
/// stream began (UUIDv7), some do not (v4); and streams that it remembers.
/// </summary>
internal sealed class StreamRead : IMeasurement
{
    private const string Key = "stream_read.ratio";
    private const string SilentKey = "stream_read_v4.ratio";
    private const string RememberedKey = "stream_read_remembered.ratio";

    /// <summary>Fewer than the store remembers, and than are read before the rounds that count.</summary>
    private const int Remembered = 200;

    public IReadOnlyList<string> Keys => [Key, SilentKey, RememberedKey];

    public async Task<IReadOnlyList<Ratio>> RunAsync(Workbench bench, CancellationToken cancellation)
    {
        var pair = await bench.MainPairAsync(cancellation);
        var telling = pair.History.Streams.Where(stream => stream.TellsItsTime).ToArray();
        var silent = pair.History.Streams.Where(stream => !stream.TellsItsTime).ToArray();
        new Random(telling.Length).Shuffle(telling);
        new Random(silent.Length).Shuffle(silent);
        var what = $"stream read through the store, partitioned ({pair.Leaves} leaves)/plain, ";
        return
        [
            .. ReadRatios.Of(Key, what + "id tells its time",
                await MeasureAsync(bench, pair, telling, cancellation), Target.AtMost(1.5)),
            .. ReadRatios.Of(SilentKey, what + "id random, not met before",
                await MeasureAsync(bench, pair, silent, cancellation)),
            .. ReadRatios.Of(RememberedKey, what + "id random, remembered",
                await MeasureAsync(bench, pair, [.. silent.Take(Remembered)], cancellation)),
        ];
    }

    private static async Task<IReadOnlyList<ReadRound>> MeasureAsync(
        Workbench bench, StorePair pair, GeneratedStream[] streams, CancellationToken cancellation)
    {
        await using var stores = new ComparedStores(pair);
        return await stores.CompareAsync(
            bench.Options,
            (side, number, token) => stores.LoadAsync(side, streams[number % streams.Length], token),
            cancellation);
    }
}
