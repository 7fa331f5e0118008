using MartenEventing.Benchmarks.Data;
using Npgsql;
using NpgsqlTypes;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// A COPY of events by somebody who knows nothing of the guard, in one transaction, into streams that tell of no
/// version yet: by the order of its rows.
/// </summary>
internal sealed class BulkOrders : IMeasurement
{
    private const string Key = "bulk.ratio";

    private static readonly Order[] Orders =
    [
        new("stream by stream, 1,000 streams") { Streams = 1_000, ByStream = true },
        new("10 streams in turns") { Streams = 10 },
        new("10 streams at random") { Streams = 10, Random = true },
        new("1,000 streams in turns") { Streams = 1_000 },
        new("streams of two events in turns") { EventsEach = 2 },
        new("streams of two events at random") { EventsEach = 2, Random = true },
        new("streams of one event") { EventsEach = 1 },
        new("a history by sequence"),
        new("a history at random") { Random = true },
    ];

    public IReadOnlyList<string> Keys => [Key];

    public async Task<IReadOnlyList<Ratio>> RunAsync(Workbench bench, CancellationToken cancellation)
    {
        var options = HistoryOptions.LastMonths(bench.Now, bench.Options.Months, bench.Options.ImportEvents) with
        {
            Seed = 77,
        };
        var pair = await StorePair.CreateEmptyAsync(bench.Server, options, cancellation);
        await using var plain = new WatchedSource(pair[Side.Plain]);
        await using var partitioned = new WatchedSource(pair[Side.Partitioned]);
        var ratios = new List<Ratio>();
        foreach (var order in Orders)
        {
            bench.Say($"  {order.What}");
            var rows = Rows(pair.History, options, order);
            var (times, work) = (new List<double>(), new List<double>());
            for (var round = 0; round < bench.Options.Rounds; round++)
            {
                var before =
                    (await plain.ProcessorTimeAsync(cancellation), await partitioned.ProcessorTimeAsync(cancellation));
                var found = await Rounds.TimeAsync(
                    round, turns: 1,
                    (side, token) => CopyAsync((side == Side.Plain ? plain : partitioned).Source, rows, token),
                    cancellation);
                times.Add(found.Ratio);
                if ((await partitioned.ProcessorTimeAsync(cancellation) - before.Item2)
                    / (await plain.ProcessorTimeAsync(cancellation) - before.Item1) is { } ratio)
                    work.Add(ratio);
            }

            ratios.Add(Ratio(order.What, "time", times));
            if (work.Count > 0)
                ratios.Add(Ratio(order.What, "processor time of the server", work));
        }

        return ratios;
    }

    private static Ratio Ratio(string order, string of, IReadOnlyList<double> rounds) =>
        new(Key, $"COPY of events, {order}, partitioned/plain: {of}", rounds, of == "time" ? Target.AtMost(3) : null)
        {
            Variant = new Dictionary<string, object> { ["order"] = order, ["of"] = of },
        };

    private static (Guid Stream, long Version, DateTime Time)[] Rows(
        EventHistory history, HistoryOptions options, Order order)
    {
        var streams = order.Streams ?? history.Events.Count / order.EventsEach;
        var step = (options.To - options.From) / history.Events.Count;
        var rows = new (Guid Stream, long Version, DateTime Time)[history.Events.Count];
        for (var place = 0; place < rows.Length; place++)
        {
            var @event = history.Events[place];
            rows[place] = streams is { } number
                ? (new Guid((place % number) + 1, 0, 0, new byte[8]), (place / number) + 1L,
                    (options.From + (step * place)).UtcDateTime)
                : (history.Streams[@event.Stream].Id, @event.Version, @event.Time);
        }

        if (order.ByStream)
            return [.. rows.OrderBy(row => row.Stream).ThenBy(row => row.Version)];
        if (order.Random)
            new Random(1).Shuffle(rows);
        return rows;
    }

    private static async Task CopyAsync(
        NpgsqlDataSource source, (Guid Stream, long Version, DateTime Time)[] rows, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync("TRUNCATE mt_events, mt_streams CASCADE", cancellation);
        await using (var streams = await connection.BeginBinaryImportAsync(
                         "COPY mt_streams (id, version) FROM STDIN (FORMAT binary)", cancellation))
        {
            foreach (var stream in rows.Select(row => row.Stream).Distinct())
            {
                await streams.StartRowAsync(cancellation);
                await streams.WriteAsync(stream, NpgsqlDbType.Uuid, cancellation);
                await streams.WriteAsync(0L, NpgsqlDbType.Bigint, cancellation);
            }

            await streams.CompleteAsync(cancellation);
        }

        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY mt_events (seq_id, id, stream_id, version, data, type, timestamp) FROM STDIN (FORMAT binary)",
            cancellation);
        for (var place = 0; place < rows.Length; place++)
        {
            copy.StartRow();
            copy.Write(place + 1L, NpgsqlDbType.Bigint);
            copy.Write(Guid.NewGuid(), NpgsqlDbType.Uuid);
            copy.Write(rows[place].Stream, NpgsqlDbType.Uuid);
            copy.Write(rows[place].Version, NpgsqlDbType.Bigint);
            copy.Write(ParcelEvents.Body(place), NpgsqlDbType.Jsonb);
            copy.Write(ParcelEvents.Type(place), NpgsqlDbType.Varchar);
            copy.Write(rows[place].Time, NpgsqlDbType.TimestampTz);
        }

        await copy.CompleteAsync(cancellation);
    }

    /// <summary>An order of rows; those of the history itself, where no number of streams is said.</summary>
    private sealed record Order(string What)
    {
        public int? Streams { get; init; }

        public int? EventsEach { get; init; }

        public bool ByStream { get; init; }

        public bool Random { get; init; }
    }
}
