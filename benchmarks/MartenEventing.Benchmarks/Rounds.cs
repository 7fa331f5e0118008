using System.Diagnostics;

namespace MartenEventing.Benchmarks;

/// <summary>
/// Measures both sides in turns, so that whatever else the machine does falls on both: A B, B A, A B ...
/// Whoever began a turn comes second in the next one.
/// </summary>
internal static class Rounds
{
    /// <summary>How often the sides change turns in a round of reads.</summary>
    private const int Batches = 10;

    /// <summary>Each side is measured in every turn of a round, and a round's figures are added up. Nothing is warmed up.</summary>
    /// <returns>For each round what was found on the plain side, then on the partitioned one.</returns>
    public static async Task<IReadOnlyList<T[]>> RunAsync<T>(
        int rounds, int turns, Func<Side, CancellationToken, Task<T>> measure, Func<T, T, T> add,
        CancellationToken cancellation)
    {
        var found = new List<T[]>(rounds);
        for (var round = 0; round < rounds; round++)
        {
            var figures = new T[2];
            for (var turn = 0; turn < turns; turn++)
            {
                foreach (var side in Order(round + turn))
                {
                    var figure = await measure(side, cancellation);
                    figures[(int)side] = turn == 0 ? figure : add(figures[(int)side], figure);
                }
            }

            found.Add(figures);
        }

        return found;
    }

    /// <summary>Times something on each side.</summary>
    public static async Task<IReadOnlyList<Pairing>> TimesAsync(
        int rounds, int turns, Func<Side, CancellationToken, Task> run, CancellationToken cancellation)
    {
        var found = await RunAsync(rounds, turns, TimeAsync, (one, other) => one + other, cancellation);
        return [.. found.Select(figures => new Pairing(figures[0], figures[1]))];

        async Task<double> TimeAsync(Side side, CancellationToken token)
        {
            var start = Stopwatch.GetTimestamp();
            await run(side, token);
            return Stopwatch.GetTimestamp() - start;
        }
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

    private static Side[] Order(int turn) =>
        turn % 2 == 0 ? [Side.Plain, Side.Partitioned] : [Side.Partitioned, Side.Plain];
}
