using System.Diagnostics;
using MartenEventing.Benchmarks.Data;
using Npgsql;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>Concurrent writers of one side, each with a connection and streams of its own.</summary>
internal sealed class Writers : IAsyncDisposable
{
    private const int StreamsOfEach = 2_000;

    private readonly List<(IAppender Appender, AppendedEvents Events)> _writers = [];
    private readonly WatchedSource _source;

    private Writers(WatchedSource source) => _source = source;

    /// <summary>Opens the writers. Their streams are the last ones of the history.</summary>
    public static async Task<Writers> OpenAsync(
        StorePair pair, Side side, CompareOptions options, bool durable,
        Func<NpgsqlDataSource, CancellationToken, Task<IAppender>> open, CancellationToken cancellation)
    {
        var source = new WatchedSource(pair[side], $"-c synchronous_commit={(durable ? "on" : "off")}");
        var writers = new Writers(source);
        var recent = pair.History.Streams.OrderByDescending(stream => stream.LastEvent).Select(stream => stream.Id)
            .Take(StreamsOfEach * options.Writers).ToArray();
        for (var number = 0; number < options.Writers; number++)
        {
            var own = recent.Where((_, index) => index % options.Writers == number).ToArray();
            writers._writers.Add((await open(source.Source, cancellation), new AppendedEvents(number, own)));
        }

        return writers;
    }

    /// <summary>Lets all append for a while.</summary>
    public async Task<Written> AppendAsync(TimeSpan time, CancellationToken cancellation)
    {
        var before = await _source.ProcessorTimeAsync(cancellation);
        var start = Stopwatch.GetTimestamp();
        var calls = await Task.WhenAll(_writers.Select(writer => Task.Run(
            () => AppendAsync(writer.Appender, writer.Events, start, time, cancellation), cancellation)));
        var elapsed = Stopwatch.GetElapsedTime(start);
        var after = await _source.ProcessorTimeAsync(cancellation);
        return new Written(calls.Sum(), elapsed, after - before);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (appender, _) in _writers)
            await appender.DisposeAsync();
        await _source.DisposeAsync();
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
