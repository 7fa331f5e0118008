using System.Diagnostics;
using System.Text.Json;
using MartenEventing.Events;

namespace MartenEventing.Cli.Demo.Scenes;

/// <summary>One stream of ordinary length, and the longest one.</summary>
internal static class OneStream
{
    private const int MostShown = 12;
    private const int DataWidth = 33;

    public static async Task PlayAsync(Scenery scenery)
    {
        var stage = scenery.Stage;
        stage.Open("One stream");
        var id = await ChooseAsync(scenery, $"ORDER BY version BETWEEN 7 AND {MostShown} DESC, timestamp DESC");
        var events = await scenery.Store.LoadStreamAsync(id, cancellationToken: scenery.Cancellation);
        stage.Say($"{Name(events[0])}, {events.Count:N0} events:");
        stage.Show(
            [">version", "timestamp", "type", "data", "lies in"],
            events.Take(MostShown).Select(Row));
        await ReadLongestAsync(scenery);
    }

    private static async Task ReadLongestAsync(Scenery scenery)
    {
        var id = await ChooseAsync(scenery, "ORDER BY version DESC");
        await scenery.Store.LoadStreamAsync(id, cancellationToken: scenery.Cancellation);
        var start = Stopwatch.GetTimestamp();
        var events = await scenery.Store.LoadStreamAsync(id, cancellationToken: scenery.Cancellation);
        var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var months = events.CountBy(stored => stored.Timestamp.ToString("yyyyMM")).Count();
        scenery.Stage.Say($"The longest stream has {events.Count:N0} events in {months} months: read in {took:N1} ms, "
            + $"versions {events[0].Version} to {events[^1].Version:N0} in order. The store reads the partitions of a "
            + "stream's life by name; the others cost it nothing, however many there are.");
    }

    private static async Task<StreamId> ChooseAsync(Scenery scenery, string order) =>
        await scenery.DataSource.ScalarAsync<Guid>(
            $"SELECT id FROM mt_streams {order}, id LIMIT 1", scenery.Cancellation);

    // Named by a uuid that was made of its name; the import keeps the name in the headers.
    private static string Name(StoredEvent first)
    {
        var headers = JsonDocument.Parse(first.Headers ?? "{}").RootElement;
        return headers.TryGetProperty("streamName", out var name)
            ? $"{name}, stream {first.Stream}"
            : $"Stream {first.Stream}";
    }

    private static string[] Row(StoredEvent stored) =>
    [
        $"{stored.Version}",
        $"{stored.Timestamp:yyyy-MM-dd HH:mm:ss}",
        stored.Type,
        stored.ShortData(DataWidth),
        $"m{stored.Timestamp:yyyyMM}",
    ];
}
