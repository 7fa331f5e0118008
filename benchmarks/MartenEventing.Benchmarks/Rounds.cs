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

    /// <summary>
    /// Each side is measured in every turn of a round, and a round's figures are added up. Nothing is warmed up.
    /// </summary>
    /// <returns>For each round what was found on the plain side, then on the partitioned one.</returns>
    public static async Task<IReadOnlyList<T[]>> RunAsync<T>(
        int rounds, int turns, Func<Side, CancellationToken, Task<T>> measure, Func<T, T, T> add,
        CancellationToken cancellation)
    {
        var found = new List<T[]>(rounds);
        for (var round = 0; round < rounds; round++)
            found.Add(await RoundAsync(round, turns, measure, add, cancellation));
        return found;
    }

    /// <summary>Times something on each side.</summary>
    public static async Task<IReadOnlyList<Pairing>> TimesAsync(
        int rounds, int turns, Func<Side, CancellationToken, Task> run, CancellationToken cancellation)
    {
        var found = new List<Pairing>(rounds);
        for (var round = 0; round < rounds; round++)
            found.Add(await TimeAsync(round, turns, run, cancellation));
        return found;
    }

    /// <summary>Times something on each side in one round; who begins depends on the round's number.</summary>
    public static async Task<Pairing> TimeAsync(
        int round, int turns, Func<Side, CancellationToken, Task> run, CancellationToken cancellation)
    {
        var figures = await RoundAsync(round, turns, TimeAsync, (one, other) => one + other, cancellation);
        return new Pairing(figures[0], figures[1]);

        async Task<double> TimeAsync(Side side, CancellationToken token)
        {
            var start = Stopwatch.GetTimestamp();
            await run(side, token);
            return Stopwatch.GetTimestamp() - start;
        }
    }

    /// <summary>
    /// Reads on each of some sides. All do the same reads, numbered from 0 on through all rounds; within a round they
    /// change turns every few reads. Rounds go before that do not count, so that what a connection prepares once is
    /// prepared.
    /// </summary>
    /// <param name="sides">How many sides.</param>
    /// <param name="warmUp">Rounds that do not count.</param>
    /// <param name="rounds">Rounds that count.</param>
    /// <param name="reads">Reads of each side in a round.</param>
    /// <param name="read">Does a read: side, number.</param>
    /// <param name="processorTime">What the server has worked for a side so far; null where nobody asks.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<IReadOnlyList<ReadRound>> ReadAsync(
        int sides, int warmUp, int rounds, int reads, Func<int, int, CancellationToken, Task> read,
        Func<int, CancellationToken, Task<double?>>? processorTime, CancellationToken cancellation)
    {
        processorTime ??= (_, _) => Task.FromResult<double?>(null);
        var found = new List<ReadRound>(rounds);
        for (var round = 0; round < warmUp + rounds; round++)
        {
            var times = Enumerable.Range(0, sides).Select(_ => new List<double>(reads)).ToArray();
            var work = new double?[sides];
            for (var batch = 0; batch < Batches; batch++)
            {
                var first = round * reads;
                var from = first + (reads * batch / Batches);
                var to = first + (reads * (batch + 1) / Batches);
                foreach (var side in Order(sides, round + batch))
                {
                    var before = await processorTime(side, cancellation);
                    await TimeAsync(from, to, times[side], number => read(side, number, cancellation));
                    work[side] = (work[side] ?? 0) + await processorTime(side, cancellation) - before;
                }
            }

            if (round >= warmUp)
                found.Add(new ReadRound([.. times.Select(Statistics.Median)], work));
        }

        return found;
    }

    /// <summary>One round: each side in every turn, who begins depends on the round's number.</summary>
    public static async Task<T[]> RoundAsync<T>(
        int round, int turns, Func<Side, CancellationToken, Task<T>> measure, Func<T, T, T> add,
        CancellationToken cancellation)
    {
        var figures = new T[2];
        for (var turn = 0; turn < turns; turn++)
        {
            foreach (var side in Order(2, round + turn))
            {
                var figure = await measure((Side)side, cancellation);
                figures[side] = turn == 0 ? figure : add(figures[side], figure);
            }
        }

        return figures;
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

    /// <summary>All sides, forwards and backwards in turns.</summary>
    private static IEnumerable<int> Order(int sides, int turn) =>
        turn % 2 == 0 ? Enumerable.Range(0, sides) : Enumerable.Range(0, sides).Reverse();
}
