using MartenEventing.Cli.Demo.Figures;
using MartenEventing.Partitioning;

namespace MartenEventing.Cli.Demo.Scenes;

/// <summary>A few figures, plain against partitioned, on the same events.</summary>
internal static class FigureTable
{
    private const int Rounds = 7;
    private const int MonthsRemoved = 5;

    public static async Task PlayAsync(Scenery scenery)
    {
        var stage = scenery.Stage;
        stage.Open("Plain against partitioned");
        var months = await LargestMonthsAsync(scenery);
        await PlainTwin.MakeAsync(scenery.DataSource, scenery.Cancellation);
        await SomeMonths.MakeAsync(scenery.DataSource, months, scenery.Cancellation);
        await scenery.DataSource.ExecuteAsync("VACUUM ANALYZE mt_events", scenery.Cancellation);

        stage.Say($"The same {await CountAsync(scenery):N0} events in one table as Marten makes it, and in partitions; "
            + "both asked in turns, on this server, now:");
        var window = await Comparisons.WindowAsync(scenery, months[0], Rounds);
        var stream = await Comparisons.StreamAsync(scenery, Rounds);
        var byMarten = await Comparisons.MartenStreamAsync(scenery, Rounds);
        var (btree, brin) = await Comparisons.TimeIndexAsync(scenery);
        var (time, wal) = await Comparisons.RemoveAsync(scenery, months);
        stage.Show(
            ["what plain costs, partitioned being 1", ">", ">spread", ">rounds"],
            [
                ["time to find one month's events of one type", $"{window}", window.Spread, $"{Rounds}"],
                ["time to remove a month: DELETE, or detach and drop", $"{time}", time.Spread, $"{MonthsRemoved}"],
                ["log written by removing it", $"{wal}", wal.Spread, $"{MonthsRemoved}"],
                ["room for an index on time: B-tree, or BRIN", $"{(double)btree / brin:N2} x",
                    $"{Bytes.Told(btree)}, {Bytes.Told(brin)}", ""],
                ["time to read a stream through the store", $"{stream}", stream.Spread, $"{Rounds}"],
                ["the same by Marten's statement", $"{byMarten}", byMarten.Spread, $"{Rounds}"],
            ]);
        stage.Say("The gains grow with the months, and these are small ones: a BRIN index is 24 kB at least. Marten's "
            + "statement carries no time, so it asks every partition: that is the price, and it grows with their "
            + "number. docs/reference/event-store-optimization.md says what spares most of it. The benchmark takes "
            + "larger months, and more rounds.");
    }

    private static async Task<List<Partition>> LargestMonthsAsync(Scenery scenery) =>
        (await scenery.Catalog.ListSizesAsync(scenery.Cancellation))
            .Where(size => size.Partition.Kind == PartitionKind.Period)
            .OrderByDescending(size => size.EventCount)
            .Take(MonthsRemoved)
            .Select(size => size.Partition)
            .ToList();

    private static Task<long> CountAsync(Scenery scenery) =>
        scenery.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events", scenery.Cancellation);
}
