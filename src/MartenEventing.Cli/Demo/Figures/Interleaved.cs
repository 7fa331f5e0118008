using System.Diagnostics;

namespace MartenEventing.Cli.Demo.Figures;

/// <summary>Two ways of doing the same, measured in turns, so that what else the machine does meets both.</summary>
internal static class Interleaved
{
    /// <summary>Plain by partitioned: how many times as long the plain way takes, one ratio a round.</summary>
    public static async Task<Ratio> MeasureAsync(int rounds, Func<int, Task> plain, Func<int, Task> partitioned)
    {
        var ratios = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            // A B, B A, A B: neither always goes first.
            var (first, second) = round % 2 == 0 ? (plain, partitioned) : (partitioned, plain);
            var (one, other) = (await TimeAsync(first, round), await TimeAsync(second, round));
            ratios.Add(round % 2 == 0 ? one / other : other / one);
        }

        return Ratio.Of(ratios);
    }

    private static async Task<double> TimeAsync(Func<int, Task> run, int round)
    {
        var start = Stopwatch.GetTimestamp();
        await run(round);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
