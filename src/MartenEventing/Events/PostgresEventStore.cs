using MartenEventing.Events.Appending;
using MartenEventing.Events.Connecting;
using MartenEventing.Events.Reading;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MartenEventing.Events;

/// <summary>
/// An event store in PostgreSQL, in Marten's schema, partitioned or plain. Safe for use by many threads at once; make
/// one and keep it. The data source stays the caller's.
/// </summary>
public sealed class PostgresEventStore
{
    private readonly StoreSession _session;
    private readonly Appender _appender;
    private readonly BoundedReader _streams;
    private readonly StreamCatalog _catalog;
    private readonly PageReader _pages;
    private readonly AllEvents _all;
    private readonly EventSearch _search;

    /// <summary>Prepares; the database is not touched yet.</summary>
    /// <param name="dataSource">Where the store is.</param>
    /// <param name="options">How it is used. Default: all defaults.</param>
    /// <param name="logger">Told of retries. Default: none.</param>
    /// <param name="clock">
    /// For waiting and for guessing partitions; never for timestamps. Default: the system's.
    /// </param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public PostgresEventStore(
        NpgsqlDataSource dataSource,
        EventStoreOptions? options = null,
        ILogger? logger = null,
        TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        _session = new StoreSession(
            dataSource, (options ?? new()).Validated(), logger ?? NullLogger.Instance, clock ?? TimeProvider.System);
        var layouts = new LayoutCache(_session);
        var memory = new StreamMemory(_session.Options.RememberedStreams);
        _appender = new Appender(_session, layouts, memory);
        _streams = new BoundedReader(_session, layouts, memory);
        _catalog = new StreamCatalog(_session);
        _pages = new PageReader(_session, layouts);
        _all = new AllEvents(_session, _pages, new DecidedSequences(_session));
        _search = new EventSearch(_session);
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
        StreamId stream,
        ExpectedVersion expected,
        IReadOnlyList<NewEvent> events,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        return (await _appender.AppendAsync([new StreamAppend(stream, expected, events)], cancellationToken))[0];
    }

    /// <summary>
    /// Appends to several streams at once, each with its expected version: all or nothing, in one round trip.
    /// </summary>
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

    /// <summary>
    /// Reads a stream, or these versions of it, all at once: the fastest way for streams of ordinary length.
    /// </summary>
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

    /// <summary>Lists streams, in the order of their ids.</summary>
    /// <exception cref="ArgumentException">Page size or cursor is not valid.</exception>
    public Task<StreamPage> ListStreamsAsync(StreamQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _catalog.ListAsync(query, cancellationToken);
    }

    /// <summary>
    /// Reads a page of all events by sequence: those that are committed. An event before the last of them may still be
    /// committed later; who must not miss one uses <see cref="ReadAllAsync"/>.
    /// </summary>
    /// <param name="afterSequence">The sequence of the last event of the page before; 0 for the first page.</param>
    /// <param name="count">How many events at most, 1 to 10,000.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The page; its cursor is the sequence of its last event.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of its range.</exception>
    public async Task<EventPage> ReadPageAsync(
        long afterSequence, int count = 500, CancellationToken cancellationToken = default)
    {
        Cursor.RequirePageSize(count);
        var events = await _pages.ReadAsync(afterSequence, count, cancellationToken);
        return new EventPage(events, events.Count < count ? null : Cursor.After(events[^1], EventOrder.Sequence));
    }

    /// <summary>
    /// Reads all events in the order of their sequences, as far as nothing can come in between any more: it never
    /// passes an event that a transaction still running may store, but waits for it, <see
    /// cref="EventStoreOptions.GapPatience"/> at most, and then ends. To go on, call it again with the last sequence.
    /// </summary>
    /// <param name="afterSequence">The sequence of the last event known; 0 for all events.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public IAsyncEnumerable<StoredEvent> ReadAllAsync(
        long afterSequence = 0, CancellationToken cancellationToken = default) =>
        _all.ReadAsync(afterSequence, cancellationToken);

    /// <summary>Looks for events, a page at a time.</summary>
    /// <exception cref="ArgumentException">Page size, headers or cursor are not valid.</exception>
    /// <exception cref="StreamIdentityMismatchException">The store names streams otherwise.</exception>
    public Task<EventPage> QueryAsync(EventQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _search.FindAsync(query, cancellationToken);
    }

    /// <summary>
    /// Finds an event by its id; null when there is none. Ids have no index: the time window is searched; without one
    /// first the days around the instant that a UUIDv7 tells, then everything.
    /// </summary>
    /// <param name="id">The event's id.</param>
    /// <param name="from">It is this old at most.</param>
    /// <param name="to">It is older than this.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public Task<StoredEvent?> GetEventAsync(
        Guid id,
        DateTimeOffset? from = null,
        DateTimeOffset? to = null,
        CancellationToken cancellationToken = default) =>
        _search.GetAsync(id, from, to, cancellationToken);
}
