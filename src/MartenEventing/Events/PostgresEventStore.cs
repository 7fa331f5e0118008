using MartenEventing.Events.Appending;
using MartenEventing.Events.Connecting;
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
    private readonly Appender _appender;

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
        var session = new StoreSession(
            dataSource, (options ?? new()).Validated(), logger ?? NullLogger.Instance, clock ?? TimeProvider.System);
        _appender = new Appender(session);
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
}
