using MartenEventing.Cli.Demo.Figures;
using MartenEventing.Cli.Demo.Live;
using MartenEventing.Conversion;
using MartenEventing.Events;
using MartenEventing.Schema;

namespace MartenEventing.Cli.Demo.Scenes;

/// <summary>A plain store becomes partitioned and plain again while writers append to it.</summary>
internal static class LiveConversion
{
    private const string Schema = "demo_live";
    private const int MostEvents = 100_000;

    private static readonly TimeSpan AtRest = TimeSpan.FromSeconds(2);

    public static async Task PlayAsync(Scenery scenery)
    {
        var stage = scenery.Stage;
        stage.Open("A plain store under load, converted and taken back");
        var all = await scenery.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events", scenery.Cancellation);
        await PlainTwin.MakeAsync(
            scenery.DataSource, Schema, (int)((all + MostEvents - 1) / MostEvents), scenery.Cancellation);
        var before = await Snapshot.TakeAsync(scenery, await LastSequenceAsync(scenery));
        stage.Say($"Another store in the same database, as Marten makes it: {before.Count:N0} events in one table. "
            + $"{Writers.Count} writers append to it all the time, one event a transaction, none of which is tried "
            + "twice; a reader counts all events again and again.");

        var options = new EventStoreOptions { SchemaName = Schema, Retries = 0 };
        var writers = Writers.Start(new PostgresEventStore(scenery.DataSource, options), scenery.Time);
        var watcher = Watcher.Start(scenery.DataSource, Schema, before.Count, writers);
        Journey journey;
        int looks;
        try
        {
            journey = await TravelAsync(scenery, writers, before);
        }
        finally
        {
            await writers.StopAsync();
            looks = await watcher.StopAsync();
        }

        stage.Show(["", ">seconds", ">swap, ms", ">appended", ">longest append, ms"], journey.Phases.Select(Row));
        await TellAsync(scenery, writers, before, journey, looks);
    }

    private static async Task<Journey> TravelAsync(Scenery scenery, Writers writers, Snapshot before)
    {
        var conversion = new StoreConversion(
            scenery.DataSource, Schema, new ConversionOptions { BatchShare = 0.6 }, scenery.Time);
        var rest = await PhaseAsync(scenery, writers, "at rest", async () =>
        {
            await Task.Delay(AtRest, scenery.Cancellation);
            return await conversion.GetStatusAsync(scenery.Cancellation);
        });
        var start = await PhaseAsync(
            scenery, writers, "convert start", () => conversion.StartAsync(scenery.Cancellation));
        var split = await PhaseAsync(
            scenery, writers, "convert split", () => conversion.SplitAsync(scenery.Cancellation));
        Claim.Same(StoreLayout.Partitioned, split.Status.Layout, "The layout");
        Claim.Holds(split.Status.PartitionCount > start.Status.PartitionCount, "The head was not split.");
        var partitioned = await Snapshot.TakeAsync(scenery, before.UpTo);
        var revert = await PhaseAsync(
            scenery, writers, "convert revert", () => conversion.RevertAsync(scenery.Cancellation));
        Claim.Same(StoreLayout.Plain, revert.Status.Layout, "The layout");
        return new Journey([rest, start, split, revert], partitioned);
    }

    private static async Task<Phase> PhaseAsync(
        Scenery scenery, Writers writers, string name, Func<Task<ConversionStatus>> run)
    {
        var (acknowledged, begun) = (writers.Acknowledged, scenery.Time.GetTimestamp());
        writers.TakeLongest();
        var status = await run();
        var appended = writers.Acknowledged - acknowledged;
        return new Phase(name, scenery.Time.GetElapsedTime(begun), status, appended, writers.TakeLongest());
    }

    private static async Task TellAsync(
        Scenery scenery, Writers writers, Snapshot before, Journey journey, int looks)
    {
        Claim.Holds(
            writers.Errors.Count == 0, $"{writers.Errors.Count} appends failed: {writers.Errors.FirstOrDefault()}");
        var after = await Snapshot.TakeAsync(scenery, before.UpTo);
        Claim.Same(before.Events, journey.Partitioned.Events, "Count and hash of the events");
        Claim.Same(before.Events, after.Events, "Count and hash of the events");
        Claim.Same(before.Table, after.Table, "The table");
        var count = await scenery.DataSource.ScalarAsync<long>(
            $"SELECT count(*) FROM {Schema}.mt_events", scenery.Cancellation);
        Claim.Same(before.Count + writers.Acknowledged, count, "The number of events");
        var gaps = await StorePrint.GapsAsync(scenery.DataSource, Schema, scenery.Cancellation);
        Claim.Same(0, gaps, "The number of streams with gaps");

        var split = journey.Phases.Single(phase => phase.Name == "convert split");
        var longest = journey.Phases.Skip(1).Max(phase => phase.Longest);
        scenery.Stage.Good($"{writers.Acknowledged:N0} events appended meanwhile, 0 errors; the longest append took "
            + $"{longest.TotalMilliseconds:N0} ms. {looks:N0} times the reader saw all that had been acknowledged, and "
            + "nothing twice. No stream has a gap.");
        scenery.Stage.Good($"The {before.Count:N0} events of before are the same in one table, in "
            + $"{split.Status.PartitionCount} partitions and in one table again, by count and by a hash over all of "
            + "them. The table's columns, keys, indexes and triggers are those of before.");
    }

    private static Task<long> LastSequenceAsync(Scenery scenery) =>
        scenery.DataSource.ScalarAsync<long>($"SELECT max(seq_id) FROM {Schema}.mt_events", scenery.Cancellation);

    private static string[] Row(Phase phase) =>
    [
        phase.Name,
        $"{phase.Took.TotalSeconds:N1}",
        $"{phase.Status.SwapDuration?.TotalMilliseconds:N0}",
        $"{phase.Appended:N0}",
        $"{phase.Longest.TotalMilliseconds:N0}",
    ];

    private sealed record Phase(string Name, TimeSpan Took, ConversionStatus Status, long Appended, TimeSpan Longest);

    private sealed record Journey(IReadOnlyList<Phase> Phases, Snapshot Partitioned);

    private sealed record Snapshot(long UpTo, (long Count, decimal Hash) Events, string Table)
    {
        public long Count => Events.Count;

        public static async Task<Snapshot> TakeAsync(Scenery scenery, long upTo)
        {
            return new Snapshot(
                upTo,
                await StorePrint.OfEventsAsync(scenery.DataSource, Schema, upTo, scenery.Cancellation),
                await StorePrint.OfTableAsync(scenery.DataSource, Schema, scenery.Cancellation));
        }
    }
}
