using MartenEventing.Politeness;
using Npgsql;

namespace MartenEventing.Politeness;

/// <summary>
/// A connection on which a statement means the same whatever the role, the database or the pool has set: a name without
/// a schema is PostgreSQL's own function, operator or type (a schema of somebody else's in the search_path could hold a
/// better match, which would run with our rights), and values read and print one way. What is done here takes as long
/// as there is data: no statement_timeout ends it, cancelling does. All connections of this library are opened here,
/// but for the hot path of events, whose SQL qualifies each name and sends values as parameters; whoever extends it
/// reads through <see cref="ReadAsync(NpgsqlDataSource, CancellationToken, bool)"/>.
/// </summary>
public sealed class PinnedConnection : IAsyncDisposable
{
    private readonly NpgsqlDataSource? _dataSource;
    private readonly NpgsqlTransaction? _transaction;
    private readonly (string Name, string? Value)[] _before;

    private PinnedConnection(
        NpgsqlConnection connection, NpgsqlDataSource? dataSource, int processId, NpgsqlTransaction? transaction = null,
        (string Name, string? Value)[]? before = null) =>
        (Connection, _dataSource, ProcessId, _transaction, _before) =
            (connection, dataSource, processId, transaction, before ?? []);

    /// <summary>The connection.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>
    /// The server process of its session, which a pooler in between keeps from the client; 0 where it has none.
    /// </summary>
    internal int ProcessId { get; }

    /// <summary>
    /// For what needs a session: several transactions, or none. The pool gets the connection back with the settings it
    /// had.
    /// </summary>
    /// <exception cref="SessionNotKeptException">
    /// A pooler in between gives each transaction another session. Nothing was changed.
    /// </exception>
    internal static Task<PinnedConnection> OpenAsync(
        NpgsqlDataSource dataSource, CancellationToken cancellationToken) =>
        OpenAsync(
            dataSource,
            async connection =>
            {
                var processId = await ProcessIdAsync(connection, cancellationToken);
                if (processId != connection.ProcessID)
                    await RequireSessionAsync(dataSource, connection, processId, cancellationToken);
                var before = await SessionSettings.SetAsync(
                    connection, access: null, SessionSettings.OfSession, cancellationToken);
                return new PinnedConnection(connection, dataSource, processId, before: before);
            },
            cancellationToken);

    /// <summary>
    /// For transactions that each set what they need for themselves: it sets nothing, so a pooler may give each
    /// transaction another session.
    /// </summary>
    internal static async Task<PinnedConnection> OpenForTransactionsAsync(
        NpgsqlDataSource dataSource, CancellationToken cancellationToken) =>
        new(await dataSource.OpenConnectionAsync(cancellationToken), dataSource, 0);

    /// <summary>
    /// For what one transaction does, which <see cref="CommitAsync"/> ends: it leaves no setting in a session, so a
    /// pooler may give each transaction another one. It may write, unless the server is a standby.
    /// </summary>
    internal static Task<PinnedConnection> BeginAsync(
        NpgsqlDataSource dataSource, CancellationToken cancellationToken) =>
        OpenAsync(dataSource, connection => BeginAsync(connection, dataSource, cancellationToken), cancellationToken);

    /// <summary>The same on a connection that is open; it is closed at the end.</summary>
    internal static Task<PinnedConnection> BeginAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken) =>
        BeginAsync(connection, null, cancellationToken);

    /// <summary>
    /// For a transaction that only reads: a write in it fails. Bounded, the timeouts of the role end it.
    /// </summary>
    public static Task<PinnedConnection> ReadAsync(
        NpgsqlDataSource dataSource, CancellationToken cancellationToken, bool bounded = false) =>
        OpenAsync(
            dataSource, connection => BeginAsync(connection, dataSource, "READ ONLY", bounded, cancellationToken),
            cancellationToken);

    /// <summary>The same on a connection that is open; it is closed at the end.</summary>
    public static Task<PinnedConnection> ReadAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken) =>
        BeginAsync(connection, null, "READ ONLY", bounded: false, cancellationToken);

    /// <summary>Whether the server repeats what another one writes, so that nothing can be written here.</summary>
    internal static async Task<bool> IsStandbyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_catalog.pg_is_in_recovery()", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>
    /// A transaction that may write, unless the server is a standby, and in which statements mean the same everywhere.
    /// </summary>
    internal static async Task<NpgsqlTransaction> BeginTransactionAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return await BeginTransactionAsync(connection, "READ WRITE", bounded: false, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.FeatureNotSupported)
        {
            // A standby: whoever only reads is served there, whoever writes is told 25006.
            return await BeginTransactionAsync(connection, "READ ONLY", bounded: false, cancellationToken);
        }
    }

    /// <summary>Whom a session waits for, seen through a connection of its own.</summary>
    internal static async Task<IReadOnlyList<Holder>> FindBlockingAsync(
        NpgsqlDataSource dataSource, int processId, CancellationToken cancellationToken)
    {
        await using var pinned = await BeginAsync(dataSource, cancellationToken);
        return await Holders.BlockingAsync(pinned.Connection, processId, cancellationToken);
    }

    /// <summary>Looks on while this session waits.</summary>
    /// <param name="tell">Is told whom it waits for.</param>
    internal WaitWatch Watch(Action<string>? tell = null) => Watch(ProcessId, tell);

    /// <summary>The same for the session that the transaction runs in that is under way.</summary>
    internal async Task<WaitWatch> WatchTransactionAsync(Action<string>? tell, CancellationToken cancellationToken) =>
        Watch(await ProcessIdAsync(Connection, cancellationToken), tell);

    /// <summary>
    /// Bounds each wait of what the session runs from now on, and sees that it still is the session that was opened.
    /// </summary>
    /// <param name="patience">Null: no bound.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="SessionNotKeptException">It is another one.</exception>
    internal async Task BoundWaitsAsync(TimeSpan? patience, CancellationToken cancellationToken)
    {
        if (await BoundWaitsAsync(Connection, patience, isLocal: false, cancellationToken) != ProcessId)
            throw new SessionNotKeptException(Connection.Host, Connection.Port);
    }

    /// <summary>The same for the rest of the transaction that is under way.</summary>
    /// <exception cref="SessionNotKeptException">It is another session.</exception>
    internal async Task BoundWaitsOfTransactionAsync(TimeSpan? patience, CancellationToken cancellationToken)
    {
        if (await BoundWaitsAsync(Connection, patience, isLocal: true, cancellationToken) != ProcessId)
            throw new SessionNotKeptException(Connection.Host, Connection.Port);
    }

    /// <summary>The same for the transaction that is under way, in whatever session.</summary>
    /// <returns>The server process of the session.</returns>
    internal static async Task<int> BoundWaitsAsync(
        NpgsqlConnection connection, TimeSpan? patience, bool isLocal, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT pg_catalog.pg_backend_pid(), pg_catalog.set_config('lock_timeout', $1, $2),
                   pg_catalog.set_config('statement_timeout', '0', $2)
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Waits.InMilliseconds(patience) });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = isLocal });
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Keeps what the transaction has done; without it, it is as if it had not been.</summary>
    internal Task CommitAsync(CancellationToken cancellationToken) =>
        _transaction?.CommitAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Ends what is under way, and gives the connection back as it was.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_transaction is not null)
                await _transaction.DisposeAsync();
            if (_before.Length > 0)
                await SessionSettings.SetAsync(Connection, access: null, _before, CancellationToken.None);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
        {
            // The connection is broken, and its session gone.
        }

        await Connection.DisposeAsync();
    }

    private static async Task<PinnedConnection> OpenAsync(
        NpgsqlDataSource dataSource, Func<NpgsqlConnection, Task<PinnedConnection>> pin,
        CancellationToken cancellationToken)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            return await pin(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<PinnedConnection> BeginAsync(
        NpgsqlConnection connection, NpgsqlDataSource? dataSource, CancellationToken cancellationToken) =>
        new(connection, dataSource, 0, await BeginTransactionAsync(connection, cancellationToken));

    private static async Task<PinnedConnection> BeginAsync(
        NpgsqlConnection connection, NpgsqlDataSource? dataSource, string access, bool bounded,
        CancellationToken cancellationToken) =>
        new(connection, dataSource, 0, await BeginTransactionAsync(connection, access, bounded, cancellationToken));

    private static async Task<NpgsqlTransaction> BeginTransactionAsync(
        NpgsqlConnection connection, string access, bool bounded, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await SessionSettings.SetAsync(
                connection, access, bounded ? SessionSettings.Meaning : SessionSettings.OfTransaction,
                cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// The client was told of another process than the one that serves it: a pooler stands between. While others hold
    /// transactions open, a pooler that keeps sessions together still gives this one, to nobody else.
    /// </summary>
    private static async Task RequireSessionAsync(
        NpgsqlDataSource dataSource, NpgsqlConnection connection, int processId, CancellationToken cancellationToken)
    {
        const int others = 3;
        var open = new List<PinnedConnection>();
        try
        {
            for (var i = 0; i < others; i++)
            {
                open.Add(await BeginAsync(dataSource, cancellationToken));
                if (await ProcessIdAsync(open[^1].Connection, cancellationToken) == processId
                    || await ProcessIdAsync(connection, cancellationToken) != processId)
                    throw new SessionNotKeptException(connection.Host, connection.Port);
            }
        }
        finally
        {
            foreach (var other in open)
                await other.DisposeAsync();
        }
    }

    private WaitWatch Watch(int processId, Action<string>? tell) => new(
        (pid, token) => _dataSource is null || pid == 0
            ? Task.FromResult<IReadOnlyList<Holder>>([])
            : FindBlockingAsync(_dataSource, pid, token),
        processId, tell);

    private static async Task<int> ProcessIdAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_catalog.pg_backend_pid()", connection);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
