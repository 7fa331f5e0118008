using System.Diagnostics;
using Marten;
using MartenEventing.Benchmarks.Applications.Domain;
using MartenEventing.Benchmarks.Data;
using MartenEventing.Benchmarks.Measurements;

namespace MartenEventing.Benchmarks.Applications.Measurements;

/// <summary>
/// Concurrent sessions that append to living streams, and begin one in one call of four, in Marten's default mode.
/// </summary>
internal sealed class SessionAppends(int events) : IApplicationMeasurement
{
    /// <summary>How often the applications change turns in a round.</summary>
    private const int Turns = 4;

    public string Key => $"append_{events}.ratio";

    public async Task<IReadOnlyList<Ratio>> RunAsync(
        ApplicationPair pair, IReadOnlyList<ConnectionStyle> styles, RatiosOptions options,
        CancellationToken cancellation)
    {
        var what = events == 1 ? "SaveChanges with 1 appended event" : $"SaveChanges with {events} appended events";
        var found = new List<Ratio>();
        foreach (var style in styles)
        {
            var rounds = await MeasureAsync(pair, style, options, cancellation);
            found.AddRange(ThroughputRatios.Of(
                Key, $"{what}, {style.Name}: partitioned/plain", rounds, ("connections", style.Name)));
        }

        return found;
    }

    private async Task<IReadOnlyList<Written[]>> MeasureAsync(
        ApplicationPair pair, ConnectionStyle style, RatiosOptions options, CancellationToken cancellation)
    {
        var applications = Enum.GetValues<Side>().Select(side => pair[side, style]).ToArray();
        var writers = applications.Select(application => Enumerable.Range(0, options.Writers).Select(
            number => new Writer(application.Store, pair.History, number, options.Writers)).ToArray()).ToArray();
        await Rounds.RunAsync(1, Turns, AppendAsync, (one, other) => one + other, cancellation);
        return await Rounds.RunAsync(
            options.Rounds, Turns, AppendAsync, (one, other) => one + other, cancellation);

        async Task<Written> AppendAsync(Side side, CancellationToken token)
        {
            var before = await applications[(int)side].ProcessorTimeAsync(token);
            var start = Stopwatch.GetTimestamp();
            var calls = await Task.WhenAll(writers[(int)side].Select(writer =>
                writer.AppendAsync(events, start, options.WritingTime / Turns, token)));
            var elapsed = Stopwatch.GetElapsedTime(start);
            return new Written(calls.Sum(), elapsed, await applications[(int)side].ProcessorTimeAsync(token) - before);
        }
    }

    /// <summary>One that appends to streams of its own.</summary>
    private sealed class Writer(IDocumentStore store, EventHistory history, int number, int of)
    {
        private readonly Random _random = new(number);
        private readonly Guid[] _streams =
            [.. Streams.AppendedTo(history).Where((_, index) => index % of == number).Select(stream => stream.Id)];

        public async Task<int> AppendAsync(int events, long start, TimeSpan time, CancellationToken cancellation)
        {
            var calls = 0;
            for (; Stopwatch.GetElapsedTime(start) < time; calls++)
            {
                await using var session = store.LightweightSession();
                var bodies = Enumerable.Range(0, events).Select(_ => Streams.NextEvent(_random)).ToArray();
                if (_random.Next(4) == 0)
                    session.Events.StartStream<TrackedParcel>(Guid.CreateVersion7(), bodies);
                else
                    session.Events.Append(_streams[_random.Next(_streams.Length)], bodies);
                await session.SaveChangesAsync(cancellation);
            }

            return calls;
        }
    }
}
