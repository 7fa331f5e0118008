using System.Diagnostics;
using MartenEventing.Benchmarks.Applications.Domain;
using MartenEventing.Benchmarks.Data;
using MartenEventing.Benchmarks.Measurements;

namespace MartenEventing.Benchmarks.Applications.Measurements;

/// <summary>Concurrent sessions that append to living streams, or begin one in four times, in Marten's default mode.</summary>
internal sealed class SessionAppends(int events) : IApplicationMeasurement
{
    /// <summary>How often the applications change turns in a round.</summary>
    private const int Turns = 4;

    public string Key => $"append_{events}.ratio";

    public async Task<IReadOnlyList<Ratio>> RunAsync(
        ApplicationPair pair, RatiosOptions options, CancellationToken cancellation)
    {
        var writers = Enum.GetValues<Side>().Select(side => Enumerable.Range(0, options.Writers)
            .Select(number => new Writer(pair, side, number, options.Writers)).ToArray()).ToArray();
        await Rounds.RunAsync(1, Turns, AppendAsync, (one, other) => one + other, cancellation);
        var rounds = await Rounds.RunAsync(
            options.Rounds, Turns, AppendAsync, (one, other) => one + other, cancellation);
        var what = $"SaveChanges with {events} appended event{(events == 1 ? "" : "s")}: partitioned/plain, ";
        var found = new List<Ratio>
        {
            new(Key, what + "throughput", [.. rounds.Select(sides => sides[1].PerSecond / sides[0].PerSecond)])
            {
                Variant = new Dictionary<string, object> { ["of"] = "throughput" },
            },
        };
        if (rounds.All(sides => sides[0].ProcessorTime is > 0))
        {
            found.Add(new(Key, what + "per processor time of the server",
                [.. rounds.Select(sides => sides[1].PerProcessorTime!.Value / sides[0].PerProcessorTime!.Value)])
            {
                Variant = new Dictionary<string, object> { ["of"] = "per server processor time" },
            });
        }

        return found;

        async Task<Written> AppendAsync(Side side, CancellationToken token)
        {
            var before = await pair[side].ProcessorTimeAsync(token);
            var start = Stopwatch.GetTimestamp();
            var calls = await Task.WhenAll(writers[(int)side].Select(writer =>
                writer.AppendAsync(events, start, options.WritingTime / Turns, token)));
            var elapsed = Stopwatch.GetElapsedTime(start);
            return new Written(calls.Sum(), elapsed, await pair[side].ProcessorTimeAsync(token) - before);
        }
    }

    /// <summary>One that appends to streams of its own.</summary>
    private sealed class Writer(ApplicationPair pair, Side side, int number, int of)
    {
        private readonly Random _random = new(number);
        private readonly Guid[] _streams =
            [.. Streams.Living(pair.History).Where((_, index) => index % of == number).Select(stream => stream.Id)];

        public async Task<int> AppendAsync(int events, long start, TimeSpan time, CancellationToken cancellation)
        {
            var calls = 0;
            for (; Stopwatch.GetElapsedTime(start) < time; calls++)
            {
                await using var session = pair[side].Store.LightweightSession();
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
