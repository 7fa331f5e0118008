using MartenEventing.Benchmarks.Applications.Domain;

namespace MartenEventing.Benchmarks.Applications.Measurements;

/// <summary>All measurements. Those that write come last, so that the reads find both sides as they were loaded.</summary>
internal static class Catalogue
{
    public static readonly IReadOnlyList<IApplicationMeasurement> All =
    [
        new Reads("aggregate.ratio", "AggregateStreamAsync of a short stream", Streams.Short,
            (session, stream, token) => session.Events.AggregateStreamAsync<TrackedParcel>(stream.Id, token: token)),
        new Reads("fetch_for_writing.ratio", "FetchForWriting of a living stream", Streams.Living,
            (session, stream, token) => session.Events.FetchForWriting<TrackedParcel>(stream.Id, token)),
        new DaemonRebuild(),
        new Reads("decide.ratio", "FetchForWriting, append, SaveChanges on a living stream", Streams.Living,
            async (session, stream, token) =>
            {
                var parcel = await session.Events.FetchForWriting<TrackedParcel>(stream.Id, token);
                parcel.AppendOne(Streams.NextEvent(Random.Shared));
                await session.SaveChangesAsync(token);
            }),
        new SessionAppends(1),
        new SessionAppends(10),
    ];

    public static IReadOnlyList<string> Keys => [.. All.Select(measurement => measurement.Key)];
}
