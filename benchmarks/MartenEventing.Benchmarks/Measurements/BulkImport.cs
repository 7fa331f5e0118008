using System.Globalization;
using System.Text;
using MartenEventing.Benchmarks.Data;
using MartenEventing.Events;
using Npgsql;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// The import of lines of JSON into partitions, streams and versions and all, against a bare binary COPY of rows that
/// lie ready into a plain table with the same three indexes, without a foreign key.
/// </summary>
internal sealed class BulkImport : IMeasurement
{
    private const string Key = "import.ratio";
    private const string RawTable = "raw_events";

    public IReadOnlyList<string> Keys => [Key];

    public async Task<IReadOnlyList<Ratio>> RunAsync(Workbench bench, CancellationToken cancellation)
    {
        bench.Say($"  importing {bench.Options.ImportEvents:N0} events a round");
        var pair = await StorePair.CreateEmptyAsync(bench.Server, Options(bench, round: -2), cancellation);
        await pair[Side.Plain].ExecuteAsync(SqlFile.Read("create_raw_events"), cancellation);
        await using var raw = new WatchedSource(pair[Side.Plain]);
        await using var store = new WatchedSource(pair[Side.Partitioned]);
        var (times, work) = (new List<double>(), new List<double?>());
        for (var round = -1; round < bench.Options.Rounds; round++)
        {
            var history = EventHistory.Create(Options(bench, round));
            var bodies = Enumerable.Range(0, history.Events.Count).Select(ParcelEvents.Body).ToArray();
            using var lines = WriteLines(history, bodies);
            var before = (await raw.ProcessorTimeAsync(cancellation), await store.ProcessorTimeAsync(cancellation));
            var found = await Rounds.TimeAsync(round + 1, turns: 1, (side, token) => side == Side.Plain
                ? CopyAsync(raw.Source, history, bodies, token)
                : ImportAsync(store.Source, lines, token), cancellation);
            if (round < 0)
                continue;
            times.Add(found.Speedup);
            work.Add((await raw.ProcessorTimeAsync(cancellation) - before.Item1)
                / (await store.ProcessorTimeAsync(cancellation) - before.Item2));
        }

        return Ratios(times, work);
    }

    private static IReadOnlyList<Ratio> Ratios(IReadOnlyList<double> times, IReadOnlyList<double?> work)
    {
        const string What = "import of NDJSON into partitions/binary COPY into an equally indexed plain table";
        var throughput = new Ratio(Key, What + ": throughput", times, Target.AtLeast(0.7));
        if (work.Any(ratio => ratio is not > 0))
            return [throughput];
        double[] known = [.. work.Select(ratio => ratio!.Value)];
        var perWork = new Ratio(Key, What + ": per processor time of the server", known)
        {
            Variant = new Dictionary<string, object> { ["per"] = "server processor time" },
        };
        return [throughput, perWork];
    }

    private static HistoryOptions Options(Workbench bench, int round) =>
        HistoryOptions.LastMonths(bench.Now, bench.Options.Months, bench.Options.ImportEvents) with
        {
            SequenceBefore = (round + 2L) * bench.Options.ImportEvents,
            Seed = 1_000 + round,
        };

    private static async Task CopyAsync(
        NpgsqlDataSource source, EventHistory history, string[] bodies, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await HistoryLoader.CopyEventsAsync(connection, RawTable, history, index => bodies[index], cancellation);
    }

    private static async Task ImportAsync(NpgsqlDataSource source, Stream lines, CancellationToken cancellation)
    {
        var report = await new EventImporter(source).ImportAsync(lines, cancellationToken: cancellation);
        if (report.Events != report.Lines)
            throw new InvalidOperationException($"{report.Lines} lines were given, {report.Events} events imported.");
    }

    private static MemoryStream WriteLines(EventHistory history, string[] bodies)
    {
        var lines = new MemoryStream();
        using var writer = new StreamWriter(lines, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        for (var index = 0; index < bodies.Length; index++)
        {
            var @event = history.Events[index];
            writer.Write(string.Create(CultureInfo.InvariantCulture,
                $$"""{"stream":"{{history.Streams[@event.Stream].Id}}","timestamp":"{{@event.Time:O}}","""));
            writer.Write($"\"type\":\"{ParcelEvents.Type(index)}\",\"data\":");
            writer.Write(bodies[index]);
            writer.WriteLine('}');
        }

        writer.Flush();
        lines.Position = 0;
        return lines;
    }
}
