using JasperFx.Events.Projections;
using Marten;
using MartenEventing.Benchmarks.Applications.Domain;

namespace MartenEventing.Benchmarks.Applications.Measurements;

/// <summary>An asynchronous projection rebuilt from all events, by the daemon.</summary>
internal sealed class DaemonRebuild : IApplicationMeasurement
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public string Key => "daemon.ratio";

    public async Task<IReadOnlyList<Ratio>> RunAsync(
        ApplicationPair pair, RatiosOptions options, CancellationToken cancellation)
    {
        await Rounds.TimeAsync(0, 1, RebuildAsync, cancellation);
        var work = new List<double>();
        var times = new List<double>();
        for (var round = 0; round < options.Rounds; round++)
        {
            var before = await WorkAsync();
            times.Add((await Rounds.TimeAsync(round, 1, RebuildAsync, cancellation)).Speedup);
            var after = await WorkAsync();
            if ((after[0] - before[0]) / (after[1] - before[1]) is { } ratio)
                work.Add(ratio);
        }

        foreach (var side in Enum.GetValues<Side>())
            await RequireAllCountedAsync(pair, side, cancellation);
        const string what = "projection rebuilt by the daemon: partitioned/plain, ";
        return
        [
            Ratio(what + "events per second", times, "throughput"),
            .. work.Count == 0
                ? Array.Empty<Ratio>()
                : [Ratio(what + "per processor time of the server", work, "per server processor time")],
        ];

        async Task RebuildAsync(Side side, CancellationToken token)
        {
            using var daemon = await pair[side].Store.BuildProjectionDaemonAsync();
            await daemon.RebuildProjectionAsync(DepotTrafficProjection.ProjectionName, Patience, token);
        }

        async Task<double?[]> WorkAsync() =>
        [
            await pair[Side.Plain].ProcessorTimeAsync(cancellation),
            await pair[Side.Partitioned].ProcessorTimeAsync(cancellation),
        ];
    }

    private Ratio Ratio(string what, IReadOnlyList<double> rounds, string of) =>
        new(Key, what, rounds) { Variant = new Dictionary<string, object> { ["of"] = of } };

    private static async Task RequireAllCountedAsync(
        ApplicationPair pair, Side side, CancellationToken cancellation)
    {
        await using var session = pair[side].Store.QuerySession();
        var counted = (await session.Query<DepotTraffic>().ToListAsync(cancellation)).Sum(depot => depot.Events);
        var stored = await pair.Database(side).ScalarAsync<long>("SELECT count(*) FROM mt_events", [], cancellation);
        if (counted != stored)
        {
            throw new InvalidOperationException(
                $"The projection counted {counted} events of {stored} on the {side} side.");
        }
    }
}
