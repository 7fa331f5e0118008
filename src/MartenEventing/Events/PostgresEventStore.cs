using MartenEventing.Events.Appending;
using MartenEventing.Events.Connecting;
using MartenEventing.Events.Reading;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MartenEventing.Events;

/// <summary>
/// An event store in PostgreSQL, in Marten's schema, partitioned or plain. Safe for use by many threads at once; make one and
/// keep it. The data source stays the caller's.
/// </summary>
public sealed class PostgresEventStore
{
    private readonly StoreSession _session;
    private readonly Appender _appender;
    private readonly BoundedReader _streams;
    private readonly StreamCatalog _catalog;

    /// <summary>Prepares; the database is not touched yet.</summary>
    /// <param name="dataSource">Where the store is.</param>
    /// <param name="options">How it is used. Default: all defaults.</param>
    /// <param name="logger">Told of retries. Default: none.</param>
    /// <param name="clock">For waiting and for guessing partitions; never for timestamps. Default: the system's.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public PostgresEventStore(
        NpgsqlDataSource dataSource, EventStoreOptions? options = null, ILogger? logger = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        _session = new StoreSession(
            dataSource, (options ?? new()).Validated(), logger ?? NullLogger.Instance, clock ?? TimeProvider.System);
        var layouts = new LayoutCache(_session);
        var memory = new StreamMemory(_session.Options.RememberedStreams);
        _appender = new Appender(_session, layouts, memory);
        _streams = new BoundedReader(_session, layouts, memory);
        _catalog = new StreamCatalog(_session);
    }

    /// <summary>Appends events to one stream, in one round trip; a new stream is made.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="expected">The version it has to be at.</param>
    /// <param name="events">At least one event, in order.</param>
    /// <param name="cancellationToken">Cancelled while the call is under way, the events may be stored or not.</param>
    /// <exception cref="StreamVersionConflictException">The stream is at another version.</exception>
    /// <exception cref="StreamArchivedException">The stream is archived.</exception>
    /// <exception cref="StreamIdentityMismatchException">The store names streams otherwise.</exception>
    /// <exception cref="InvalidEventException">An event cannot be stored.</exception>
    public async Task<AppendResult> AppendAsync(
        StreamId stream, ExpectedVersion expected, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        return (await _appender.AppendAsync([new StreamAppend(stream, expected, events)], cancellationToken))[0];
    }

    /// <summary>Appends to several streams at once, each with its expected version: all or nothing, in one round trip.</summary>
    /// <returns>The results in the order given.</returns>
    /// <exception cref="StreamVersionConflictException">A stream is at another version.</exception>
    /// <exception cref="StreamArchivedException">A stream is archived.</exception>
    /// <exception cref="DuplicateStreamException">A stream is given twice.</exception>
    /// <exception cref="StreamIdentityMismatchException">The store names streams otherwise.</exception>
    /// <exception cref="InvalidEventException">An event cannot be stored.</exception>
    public Task<IReadOnlyList<AppendResult>> AppendAsync(
        IReadOnlyList<StreamAppend> appends, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(appends);
        return _appender.AppendAsync(appends, cancellationToken);
    }

    /// <summary>
    /// Reads a stream, or these versions of it, as it is when the reading begins. Fetches
    /// <see cref="EventStoreOptions.ChunkSize"/> events at once, so a stream may be longer than fits into memory.
    /// </summary>
    /// <param name="stream">The stream; one that is not there has no events.</param>
    /// <param name="fromVersion">The lowest version, 1 or more.</param>
    /// <param name="toVersion">The highest version.</param>
    /// <param name="direction">Which come first.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ArgumentOutOfRangeException">The lowest version is less than 1.</exception>
    /// <exception cref="StreamIdentityMismatchException">The store names streams otherwise.</exception>
    public IAsyncEnumerable<StoredEvent> ReadStreamAsync(
        StreamId stream,
        long fromVersion = 1,
        long toVersion = long.MaxValue,
        ReadDirection direction = ReadDirection.Forwards,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fromVersion, 1);
        var chunks = new StreamChunks(_streams, _session.Options.ChunkSize, stream, fromVersion, toVersion);
        return direction == ReadDirection.Forwards
            ? chunks.ForwardsAsync(cancellationToken)
            : chunks.BackwardsAsync(cancellationToken);
    }

    /// <summary>Reads a stream, or these versions of it, all at once: the fastest way for streams of ordinary length.</summary>
    /// <param name="stream">The stream; one that is not there has no events.</param>
    /// <param name="fromVersion">The lowest version, 1 or more.</param>
    /// <param name="toVersion">The highest version.</param>
    /// <param name="direction">Which come first.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ArgumentOutOfRangeException">The lowest version is less than 1.</exception>
    /// <exception cref="StreamIdentityMismatchException">The store names streams otherwise.</exception>
    public async Task<IReadOnlyList<StoredEvent>> LoadStreamAsync(
        StreamId stream,
        long fromVersion = 1,
        long toVersion = long.MaxValue,
        ReadDirection direction = ReadDirection.Forwards,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fromVersion, 1);
        var events = (await _streams.ReadAsync(stream, fromVersion, toVersion, cancellationToken)).Events;
        if (direction == ReadDirection.Backwards)
            events.Reverse();
        return events;
    }

    /// <summary>What the store tells of a stream without reading its events; null when it is not there.</summary>
    /// <exception cref="StreamIdentityMismatchException">The store names streams otherwise.</exception>
    public Task<StreamState?> GetStreamAsync(StreamId stream, CancellationToken cancellationToken = default) =>
        _catalog.FindAsync(stream, cancellationToken);
}
