using Marten;
using MartenEventing.Benchmarks.Data;
using MartenEventing.Benchmarks.Measurements;

namespace MartenEventing.Benchmarks.Applications.Measurements;

/// <summary>
/// One call of a session on one stream, by four applications in turns: both layouts, with statements prepared by Npgsql
/// and without.
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
        ApplicationPair pair, RatiosOptions options, CancellationToken cancellation)
    {
        Application[] applications =
        [
            pair[Side.Plain], pair[Side.Partitioned],
            pair[Side.Plain, ConnectionStyle.AutoPrepared], pair[Side.Partitioned, ConnectionStyle.AutoPrepared],
        ];
        var picks = streams(pair.History).ToArray();
        new Random(picks.Length).Shuffle(picks);
        var rounds = await Rounds.ReadAsync(applications.Length, WarmUpRounds, options.Rounds, options.Reads,
            async (application, number, token) =>
            {
                await using var session = applications[application].Store.LightweightSession();
                await call(session, picks[number % picks.Length], token);
            },
            (application, token) => applications[application].ProcessorTimeAsync(token), cancellation);
        return
        [
            .. Ratios(rounds, $"{what}: partitioned/plain", "not prepared", (0, 1)),
            .. Ratios(rounds, $"{what}, auto-prepared: partitioned/plain", "auto-prepared", (2, 3)),
            .. Ratios(rounds, $"{what}, partitioned: auto-prepared/not prepared", "prepared against not", (1, 3)),
        ];
    }

    private IEnumerable<Ratio> Ratios(
        IReadOnlyList<ReadRound> rounds, string words, string connections, (int Base, int Other) sides) =>
        ReadRatios.Of(Key, words,
            [
                .. rounds.Select(round => new ReadRound(
                    [round.Medians[sides.Base], round.Medians[sides.Other]],
                    [round.ProcessorTimes[sides.Base], round.ProcessorTimes[sides.Other]])),
            ],
            target: null, ("connections", connections));
}
