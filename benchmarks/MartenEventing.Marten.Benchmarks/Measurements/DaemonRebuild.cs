using System.Diagnostics;
using JasperFx.Events.Projections;
using Marten;
using MartenEventing.Benchmarks.Applications.Domain;
using MartenEventing.Benchmarks.Measurements;

namespace MartenEventing.Benchmarks.Applications.Measurements;

/// <summary>An asynchronous projection rebuilt from all events, by the daemon.</summary>
internal sealed class DaemonRebuild : IApplicationMeasurement
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public string Key => "daemon.ratio";

    public async Task<IReadOnlyList<Ratio>> RunAsync(
        ApplicationPair pair, IReadOnlyList<ConnectionStyle> styles, RatiosOptions options,
        CancellationToken cancellation)
    {
        var stored = new Dictionary<Side, long>();
        foreach (var side in Enum.GetValues<Side>())
            stored[side] = await pair.Database(side).ScalarAsync<long>(
                "SELECT count(*) FROM mt_events", [], cancellation);
        var rounds = styles.ToDictionary(style => style, _ => new List<Written[]>());
        for (var round = -1; round < options.Rounds; round++)
        {
            foreach (var style in styles)
            {
                var found = await Rounds.RoundAsync(round + 1, turns: 1,
                    (side, token) => RebuildAsync(pair[side, style], stored[side], token), (one, _) => one,
                    cancellation);
                if (round >= 0)
                    rounds[style].Add(found);
            }
        }

        foreach (var side in Enum.GetValues<Side>())
            await RequireAllCountedAsync(pair, side, stored[side], cancellation);
        return
        [
            .. rounds.SelectMany(pairs => ThroughputRatios.Of(
                Key, $"projection rebuilt by the daemon, {pairs.Key.Name}: partitioned/plain", pairs.Value,
                ("connections", pairs.Key.Name))),
        ];
    }

    private static async Task<Written> RebuildAsync(
        Application application, long events, CancellationToken cancellation)
    {
        var before = await application.ProcessorTimeAsync(cancellation);
        var start = Stopwatch.GetTimestamp();
        using (var daemon = await application.Store.BuildProjectionDaemonAsync())
            await daemon.RebuildProjectionAsync(DepotTrafficProjection.ProjectionName, Patience, cancellation);
        var elapsed = Stopwatch.GetElapsedTime(start);
        return new Written(events, elapsed, await application.ProcessorTimeAsync(cancellation) - before);
    }

    private static async Task RequireAllCountedAsync(
        ApplicationPair pair, Side side, long stored, CancellationToken cancellation)
    {
        await using var session = pair[side].Store.QuerySession();
        var counted = (await session.Query<DepotTraffic>().ToListAsync(cancellation)).Sum(depot => depot.Events);
        if (counted != stored)
        {
            throw new InvalidOperationException(
                $"The projection counted {counted} events of {stored} on the {side} side.");
        }
    }
}
