using System.Diagnostics;
using MartenEventing.Benchmarks.Data;
using Npgsql;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>Concurrent writers, each with a connection and streams of its own.</summary>
internal sealed class Writers : IAsyncDisposable
{
    private const int StreamsOfEach = 2_000;

    private readonly List<(IAppender Appender, AppendedEvents Events)> _writers = [];

    /// <summary>Opens the writers. Their streams are the last ones of the history.</summary>
    public static async Task<Writers> OpenAsync(
        NpgsqlDataSource source, EventHistory history, int count,
        Func<NpgsqlDataSource, CancellationToken, Task<IAppender>> open, CancellationToken cancellation)
    {
        var writers = new Writers();
        var recent = history.Streams.OrderByDescending(stream => stream.LastEvent).Select(stream => stream.Id)
            .Take(StreamsOfEach * count).ToArray();
        for (var number = 0; number < count; number++)
        {
            var own = recent.Where((_, index) => index % count == number).ToArray();
            writers._writers.Add((await open(source, cancellation), new AppendedEvents(number, own)));
        }

        return writers;
    }

    /// <summary>Lets all append for a while.</summary>
    /// <returns>Events a tick.</returns>
    public async Task<double> AppendAsync(TimeSpan time, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var calls = await Task.WhenAll(_writers.Select(writer => Task.Run(
            () => AppendAsync(writer.Appender, writer.Events, start, time, cancellation), cancellation)));
        return calls.Sum() * (double)AppendedEvents.Count / (Stopwatch.GetTimestamp() - start);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (appender, _) in _writers)
            await appender.DisposeAsync();
    }

    private static async Task<int> AppendAsync(
        IAppender appender, AppendedEvents events, long start, TimeSpan time, CancellationToken cancellation)
    {
        var calls = 0;
        for (; Stopwatch.GetElapsedTime(start) < time; calls++)
        {
            events.Next();
            await appender.AppendAsync(events, cancellation);
        }

        return calls;
    }
}
