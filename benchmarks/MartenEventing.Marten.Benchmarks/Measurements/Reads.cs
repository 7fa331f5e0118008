using Marten;
using MartenEventing.Benchmarks.Data;
using MartenEventing.Benchmarks.Measurements;

namespace MartenEventing.Benchmarks.Applications.Measurements;

/// <summary>
/// One call of a session on one stream, by the applications of both layouts in turns.
/// </summary>
internal sealed class Reads(
    string key,
    string what,
    Func<EventHistory, IEnumerable<GeneratedStream>> streams,
    Func<IDocumentSession, GeneratedStream, CancellationToken, Task> call) : IApplicationMeasurement
{
    private const int WarmUpRounds = 2;

    public string Key => key;

    public async Task<IReadOnlyList<Ratio>> RunAsync(
        ApplicationPair pair, IReadOnlyList<ConnectionStyle> styles, RatiosOptions options,
        CancellationToken cancellation)
    {
        var applications = styles
            .SelectMany(style => new[] { pair[Side.Plain, style], pair[Side.Partitioned, style] }).ToArray();
        var picks = streams(pair.History).ToArray();
        new Random(picks.Length).Shuffle(picks);
        var rounds = await Rounds.ReadAsync(applications.Length, WarmUpRounds, options.Rounds, options.Reads,
            async (application, number, token) =>
            {
                await using var session = applications[application].Store.LightweightSession();
                await call(session, picks[number % picks.Length], token);
            },
            (application, token) => applications[application].ProcessorTimeAsync(token), cancellation);
        return [.. styles.SelectMany((style, index) => Ratios(rounds, style, 2 * index))];
    }

    private IEnumerable<Ratio> Ratios(IReadOnlyList<ReadRound> rounds, ConnectionStyle style, int plain) =>
        ReadRatios.Of(Key, $"{what}, {style.Name}: partitioned/plain",
            [
                .. rounds.Select(round => new ReadRound(
                    round.Medians[plain..(plain + 2)], round.ProcessorTimes[plain..(plain + 2)])),
            ],
            target: null, ("connections", style.Name));
}
