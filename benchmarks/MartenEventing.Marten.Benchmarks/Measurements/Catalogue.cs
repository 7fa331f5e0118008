using MartenEventing.Benchmarks.Applications.Domain;
using MartenEventing.Marten;

namespace MartenEventing.Benchmarks.Applications.Measurements;

/// <summary>All measurements. Those that write as much as they can come last.</summary>
internal static class Catalogue
{
    private static readonly ConnectionStyle[] OfReads = [ConnectionStyle.Usual, ConnectionStyle.AutoPrepared];

    private static readonly ConnectionStyle[] OfWork = [ConnectionStyle.Usual];

    private static readonly IReadOnlyList<IApplicationMeasurement> Reading =
    [
        new Reads("aggregate.ratio", "AggregateStreamAsync of a short stream", Streams.Short,
            (session, stream, token) => session.Events.AggregateStreamAsync<TrackedParcel>(stream.Id, token: token)),
        new Reads("fetch_stream.ratio", "FetchBoundedStreamAsync of a short stream", Streams.Short,
            (session, stream, token) => session.FetchBoundedStreamAsync(stream.Id, cancellationToken: token)),
        new Reads("fetch_latest.ratio", "FetchLatest of a living stream", Streams.Living,
            (session, stream, token) => session.Events.FetchLatest<TrackedParcel>(stream.Id, token).AsTask()),
        new Reads("fetch_for_writing.ratio", "FetchForWriting of a living stream", Streams.Living,
            (session, stream, token) => session.Events.FetchForWriting<TrackedParcel>(stream.Id, token)),
        new Reads("decide.ratio", "FetchForWriting, append, SaveChanges on a living stream", Streams.Living,
            async (session, stream, token) =>
            {
                var parcel = await session.Events.FetchForWriting<TrackedParcel>(stream.Id, token);
                parcel.AppendOne(Streams.NextEvent(Random.Shared));
                await session.SaveChangesAsync(token);
            }),
    ];

    private static readonly IReadOnlyList<IApplicationMeasurement> Working =
        [new DaemonRebuild(), new SessionAppends(1), new SessionAppends(10)];

    public static IReadOnlyList<string> Keys =>
        [.. Reading.Concat(Working).Select(measurement => measurement.Key)];

    /// <summary>Runs all that are wanted; then the statistics change, and what that concerns runs again.</summary>
    public static async Task<IReadOnlyList<Ratio>> RunAsync(
        ApplicationPair pair, RatiosOptions options, Action<string> say, CancellationToken cancellation)
    {
        var found = new List<Ratio>();
        await RunAsync(Reading, OfReads);
        await RunAsync(Working, OfWork);
        await pair.ForgetFrequentStreamsAsync(cancellation);
        await RunAsync([.. Reading, .. Working.OfType<DaemonRebuild>()], [ConnectionStyle.PlannedOnce]);
        return found;

        async Task RunAsync(
            IReadOnlyList<IApplicationMeasurement> measurements, IReadOnlyList<ConnectionStyle> styles)
        {
            foreach (var measurement in measurements.Where(measurement => options.Wants(measurement.Key)))
            {
                say($"  {measurement.Key}: {string.Join("; ", styles.Select(style => style.Name))}");
                found.AddRange(await measurement.RunAsync(pair, styles, options, cancellation));
            }
        }
    }
}
