namespace MartenEventing.Benchmarks.Measurements;

/// <summary>A page of 500 events by sequence through the store, from anywhere in the history.</summary>
internal sealed class PageRead : IMeasurement
{
    private const string Key = "page_read.ratio";
    private const int PageSize = 500;

    public IReadOnlyList<string> Keys => [Key];

    public async Task<IReadOnlyList<Ratio>> RunAsync(Workbench bench, CancellationToken cancellation)
    {
        var pair = await bench.MainPairAsync(cancellation);
        await using var stores = new ComparedStores(pair);
        var anywhere = await MeasureAsync(AnySequence, cancellation);
        var end = await MeasureAsync(_ => LastStart(), cancellation);
        var what = $"page of {PageSize} by sequence through the store, partitioned ({pair.Leaves} leaves)/plain, ";
        return
        [
            .. ReadRatios.Of(Key, what + "anywhere", anywhere, Target.AtMost(1.3), ("from", "anywhere")),
            .. ReadRatios.Of(Key, what + "the last one", end, null, ("from", "end")),
        ];

        long LastStart() => Math.Max(0, pair.History.LastSequence - PageSize);

        long AnySequence(int number) => new Random(number).NextInt64(0, LastStart() + 1);

        Task<IReadOnlyList<ReadRound>> MeasureAsync(Func<int, long> after, CancellationToken token) =>
            stores.CompareAsync(
                bench.Options, (side, number, inner) => ReadAsync(stores, side, after(number), inner), token);
    }

    private static async Task ReadAsync(ComparedStores stores, Side side, long after, CancellationToken cancellation)
    {
        var page = await stores[side].ReadPageAsync(after, PageSize, cancellation);
        if (page.Events.Count != PageSize || page.Events[0].Sequence != after + 1)
        {
            throw new InvalidOperationException(
                $"{PageSize} events after {after} were asked for; {page.Events.Count} came from the {side} side.");
        }
    }
}
