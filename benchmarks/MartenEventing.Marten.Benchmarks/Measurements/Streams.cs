using MartenEventing.Benchmarks.Applications.Domain;
using MartenEventing.Benchmarks.Data;

namespace MartenEventing.Benchmarks.Applications.Measurements;

/// <summary>What the measurements choose from a history, and go on with.</summary>
internal static class Streams
{
    private const int MostLiving = 1_200;

    private static readonly string[] Depots = ["Rotterdam", "Duisburg", "Lyon", "Poznan"];

    /// <summary>One half of those with the latest events.</summary>
    public static IEnumerable<GeneratedStream> Living(EventHistory history) => Half(history, 0);

    /// <summary>The other half: those that are read keep their length.</summary>
    public static IEnumerable<GeneratedStream> AppendedTo(EventHistory history) => Half(history, 1);

    /// <summary>Those of five to twenty events, from anywhere in the history.</summary>
    public static IEnumerable<GeneratedStream> Short(EventHistory history) =>
        history.Streams.Where(stream => stream.Events is >= 5 and <= 20);

    private static IEnumerable<GeneratedStream> Half(EventHistory history, int half) =>
        history.Streams.Where(stream => stream.Events <= 100).OrderByDescending(stream => stream.LastEvent)
            .Take(MostLiving).Where((_, index) => index % 2 == half);

    /// <summary>An event as large as those of the history.</summary>
    public static ParcelEvent NextEvent(Random random)
    {
        var number = random.Next(1_000);
        return new ParcelScanned(
            Depots[number % Depots.Length], number % 40, number / 10.0, $"P{number:D9}", $"op-{number % 211}",
            $"on the belt to {Depots[number / 7 % Depots.Length]}");
    }
}
