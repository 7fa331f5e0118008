using MartenEventing.Waiting;
using Npgsql;

namespace MartenEventing.Schema;

/// <summary>
/// A connection on which a name without a schema means PostgreSQL's own function, operator or type, whatever the
/// search_path of the role, the database or the pool: a schema of somebody else's in it could hold a better match,
/// which would run with our rights. All connections of this library are opened here, but for the hot path of events,
/// whose SQL qualifies each name.
/// </summary>
internal sealed class PinnedConnection : IAsyncDisposable
{
    private const string Path = "pg_catalog, pg_temp";

    /// <summary>What a session of ours may change, and gets back before somebody else has it.</summary>
    private static readonly string[] Settings =
        ["search_path", "lock_timeout", "statement_timeout", "mt_events.tenant"];

    private readonly NpgsqlDataSource? _dataSource;
    private readonly NpgsqlTransaction? _transaction;
    private readonly string?[]? _before;

    private PinnedConnection(
        NpgsqlConnection connection, NpgsqlDataSource? dataSource, int processId, NpgsqlTransaction? transaction = null,
        string?[]? before = null) =>
        (Connection, _dataSource, ProcessId, _transaction, _before) = (connection, dataSource, processId, transaction, before);

    /// <summary>The connection.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>The server process of its session, which a pooler in between keeps from the client; 0 where it has none.</summary>
    public int ProcessId { get; }

    /// <summary>
    /// For what needs a session: several transactions, or none. The pool gets the connection back with the settings it had.
    /// </summary>
    /// <exception cref="SessionNotKeptException">
    /// A pooler in between gives each transaction another session. Nothing was changed.
    /// </exception>
    public static async Task<PinnedConnection> OpenAsync(
        NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            var processId = await ProcessIdAsync(connection, cancellationToken);
            if (processId != connection.ProcessID)
                await RequireSessionAsync(dataSource, connection, processId, cancellationToken);
            var before = await ReadSettingsAsync(connection, cancellationToken);
            await SetAsync(connection, "search_path", Path, isLocal: false, cancellationToken);
            return new PinnedConnection(connection, dataSource, processId, before: before);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// For transactions that each set what they need for themselves: it sets nothing, so a pooler may give each transaction
    /// another session.
    /// </summary>
    public static async Task<PinnedConnection> OpenForTransactionsAsync(
        NpgsqlDataSource dataSource, CancellationToken cancellationToken) =>
        new(await dataSource.OpenConnectionAsync(cancellationToken), dataSource, 0);

    /// <summary>
    /// For what one transaction does, which <see cref="CommitAsync"/> ends: it leaves no setting in a session, so a
    /// pooler may give each transaction another one.
    /// </summary>
    public static async Task<PinnedConnection> BeginAsync(
        NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            return await BeginAsync(connection, dataSource, cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same on a connection that is open; it is closed at the end.</summary>
    public static Task<PinnedConnection> BeginAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken) =>
        BeginAsync(connection, null, cancellationToken);

    /// <summary>Whom a session waits for, seen through a connection of its own.</summary>
    public static async Task<IReadOnlyList<Holder>> FindBlockingAsync(
        NpgsqlDataSource dataSource, int processId, CancellationToken cancellationToken)
    {
        await using var pinned = await BeginAsync(dataSource, cancellationToken);
        return await Holders.BlockingAsync(pinned.Connection, processId, cancellationToken);
    }

    /// <summary>Looks on while this session waits.</summary>
    /// <param name="tell">Is told whom it waits for.</param>
    public WaitWatch Watch(Action<string>? tell = null) => Watch(ProcessId, tell);

    /// <summary>The same for the session that the transaction runs in that is under way.</summary>
    public async Task<WaitWatch> WatchTransactionAsync(Action<string>? tell, CancellationToken cancellationToken) =>
        Watch(await ProcessIdAsync(Connection, cancellationToken), tell);

    /// <summary>
    /// Bounds each wait of what the session runs from now on, and sees that it still is the session that was opened.
    /// </summary>
    /// <param name="patience">Null: no bound.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="SessionNotKeptException">It is another one.</exception>
    public async Task BoundWaitsAsync(TimeSpan? patience, CancellationToken cancellationToken)
    {
        if (await BoundWaitsAsync(Connection, patience, isLocal: false, cancellationToken) != ProcessId)
            throw new SessionNotKeptException(Connection.Host, Connection.Port);
    }

    /// <summary>The same for the rest of the transaction that is under way.</summary>
    /// <exception cref="SessionNotKeptException">It is another session.</exception>
    public async Task BoundWaitsOfTransactionAsync(TimeSpan? patience, CancellationToken cancellationToken)
    {
        if (await BoundWaitsAsync(Connection, patience, isLocal: true, cancellationToken) != ProcessId)
            throw new SessionNotKeptException(Connection.Host, Connection.Port);
    }

    /// <summary>The same for the transaction that is under way, in whatever session.</summary>
    /// <returns>The server process of the session.</returns>
    public static async Task<int> BoundWaitsAsync(
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
    public Task CommitAsync(CancellationToken cancellationToken) =>
        _transaction?.CommitAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_transaction is not null)
                await _transaction.DisposeAsync();
            if (_before is not null)
                await RestoreAsync(_before);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
        {
            // The connection is broken, and its session gone.
        }

        await Connection.DisposeAsync();
    }

    private static async Task<PinnedConnection> BeginAsync(
        NpgsqlConnection connection, NpgsqlDataSource? dataSource, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await SetAsync(connection, "search_path", Path, isLocal: true, cancellationToken);
        return new PinnedConnection(connection, dataSource, 0, transaction);
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

    private static async Task<string?[]> ReadSettingsAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT ARRAY(SELECT pg_catalog.current_setting(s, true) FROM pg_catalog.unnest($1) s)", connection);
        command.Parameters.AddWithValue(Settings);
        return (string?[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task RestoreAsync(string?[] before)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT pg_catalog.set_config(s.name, coalesce(s.value, ''), false) FROM unnest($1::text[], $2::text[]) s (name, value)
             WHERE pg_catalog.current_setting(s.name, true) IS NOT NULL
            """, Connection);
        command.Parameters.AddWithValue(Settings);
        command.Parameters.AddWithValue(before);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static async Task SetAsync(
        NpgsqlConnection connection, string name, string value, bool isLocal, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_catalog.set_config($1, $2, $3)", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = isLocal });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
