using JasperFx.Events;
using Marten;
using Marten.Internal;
using MartenEventing.Marten.Fetching;
using Weasel.Storage;

namespace MartenEventing.Marten;

/// <summary>Reads streams from the partitions of their lives.</summary>
public static class QuerySessionExtensions
{
    /// <summary>
    /// What <c>session.Events.FetchStreamAsync</c> gives, read as <see cref="TimePartitionedEvents.BoundFetches"/> has
    /// aggregates read; and as Marten reads it where that is off.
    /// </summary>
    /// <param name="session">Of a store that knows its streams by guid.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="version">The last version to be read; 0 for all.</param>
    /// <param name="timestamp">The last instant to be read; null for all.</param>
    /// <param name="fromVersion">The first version to be read; 0 for all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidOperationException">The store knows its streams by string.</exception>
    public static Task<IReadOnlyList<IEvent>> FetchBoundedStreamAsync(
        this IQuerySession session, Guid streamId, long version = 0, DateTimeOffset? timestamp = null,
        long fromVersion = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        return StreamsOf(session, StreamIdentity.AsGuid) is { } streams
            ? FetchAsync(session, streams, streamId, version, timestamp, fromVersion, cancellationToken)
            : session.Events.FetchStreamAsync(streamId, version, timestamp, fromVersion, cancellationToken);
    }

    /// <summary>
    /// What <c>session.Events.FetchStreamAsync</c> gives, read as <see cref="TimePartitionedEvents.BoundFetches"/> has
    /// aggregates read; and as Marten reads it where that is off.
    /// </summary>
    /// <param name="session">Of a store that knows its streams by string.</param>
    /// <param name="streamKey">The stream.</param>
    /// <param name="version">The last version to be read; 0 for all.</param>
    /// <param name="timestamp">The last instant to be read; null for all.</param>
    /// <param name="fromVersion">The first version to be read; 0 for all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidOperationException">The store knows its streams by guid.</exception>
    public static Task<IReadOnlyList<IEvent>> FetchBoundedStreamAsync(
        this IQuerySession session, string streamKey, long version = 0, DateTimeOffset? timestamp = null,
        long fromVersion = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(streamKey);
        return StreamsOf(session, StreamIdentity.AsString) is { } streams
            ? FetchAsync(session, streams, streamKey, version, timestamp, fromVersion, cancellationToken)
            : session.Events.FetchStreamAsync(streamKey, version, timestamp, fromVersion, cancellationToken);
    }

    /// <summary>Null as well where the identity is the other one: Marten says so.</summary>
    private static BoundedStreams? StreamsOf(IQuerySession session, StreamIdentity identity) =>
        session.DocumentStore.Options is StoreOptions options && options.Events.StreamIdentity == identity
            ? BoundedStreams.Of(options)
            : null;

    private static async Task<IReadOnlyList<IEvent>> FetchAsync(
        IQuerySession session, BoundedStreams streams, object stream, long version, DateTimeOffset? timestamp,
        long fromVersion, CancellationToken cancellationToken)
    {
        var martens = (IMartenSession)session;
        var storage = martens.EventStorage();
        ISelector<IEvent> selector = storage;
        await session.Database.EnsureStorageExistsAsync(typeof(IEvent), cancellationToken);
        var command = streams.Read(
            storage.SelectFields(), stream, session.TenantId, version, timestamp, fromVersion);
        await using var rows = await martens.ExecuteReaderAsync(command, cancellationToken);
        var events = new List<IEvent>();
        while (await rows.ReadAsync(cancellationToken))
            events.Add(await selector.ResolveAsync(rows, cancellationToken));
        return events;
    }
}
