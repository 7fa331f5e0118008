using System.Diagnostics;

namespace MartenEventing.Benchmarks;

/// <summary>
/// Measures both sides in turns, so that whatever else the machine does falls on both: A B, B A, A B ...
/// Whoever began a round comes second in the next one.
/// </summary>
internal static class Rounds
{
    /// <summary>How often the sides change turns in a round of reads.</summary>
    private const int Batches = 10;

    /// <summary>Each side is measured in every turn of a round, and the figures are added up. Nothing is warmed up here.</summary>
    public static async Task<IReadOnlyList<Pairing>> RunAsync(
        int rounds, int turns, Func<Side, CancellationToken, Task<double>> measure, CancellationToken cancellation)
    {
        var found = new List<Pairing>(rounds);
        for (var round = 0; round < rounds; round++)
        {
            var figures = new double[2];
            for (var turn = 0; turn < turns; turn++)
            {
                foreach (var side in Order(round + turn))
                    figures[(int)side] += await measure(side, cancellation);
            }

            found.Add(new Pairing(figures[0], figures[1]));
        }

        return found;
    }

    /// <summary>
    /// The median time of one read on each side, in ticks. Both sides do the same reads, numbered from 0 on through all
    /// rounds; within a round they change turns every few reads. One round goes before that does not count.
    /// </summary>
    public static async Task<IReadOnlyList<Pairing>> LatenciesAsync(
        int rounds, int reads, Func<Side, int, CancellationToken, Task> read, CancellationToken cancellation)
    {
        var found = new List<Pairing>(rounds);
        for (var round = -1; round < rounds; round++)
        {
            var times = new[] { new List<double>(reads), new List<double>(reads) };
            for (var batch = 0; batch < Batches; batch++)
            {
                var first = (round + 1) * reads;
                var from = first + (reads * batch / Batches);
                var to = first + (reads * (batch + 1) / Batches);
                foreach (var side in Order(round + batch))
                    await TimeAsync(from, to, times[(int)side], number => read(side, number, cancellation));
            }

            if (round >= 0)
                found.Add(new Pairing(Statistics.Median(times[0]), Statistics.Median(times[1])));
        }

        return found;
    }

    private static async Task TimeAsync(int from, int to, List<double> times, Func<int, Task> read)
    {
        for (var number = from; number < to; number++)
        {
            var start = Stopwatch.GetTimestamp();
            await read(number);
            times.Add(Stopwatch.GetTimestamp() - start);
        }
    }

    private static Side[] Order(int round) =>
        round % 2 == 0 ? [Side.Plain, Side.Partitioned] : [Side.Partitioned, Side.Plain];
}
