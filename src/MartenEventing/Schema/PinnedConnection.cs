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

    private readonly NpgsqlTransaction? _transaction;
    private readonly string? _before;

    private PinnedConnection(NpgsqlConnection connection, NpgsqlTransaction? transaction, string? before) =>
        (Connection, _transaction, _before) = (connection, transaction, before);

    /// <summary>The connection.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>
    /// For what needs a session: several transactions, or none. The pool gets the connection back with the path it
    /// had. A pooler in between must keep sessions together.
    /// </summary>
    public static async Task<PinnedConnection> OpenAsync(
        NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            var before = await SetAsync(connection, Path, isLocal: false, cancellationToken);
            return new PinnedConnection(connection, null, before);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

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
            return await BeginAsync(connection, cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same on a connection that is open; it is closed at the end.</summary>
    public static async Task<PinnedConnection> BeginAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await SetAsync(connection, Path, isLocal: true, cancellationToken);
        return new PinnedConnection(connection, transaction, null);
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
                await SetAsync(Connection, _before, isLocal: false, CancellationToken.None);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
        {
            // The connection is broken, and its session gone.
        }

        await Connection.DisposeAsync();
    }

    /// <summary>Returns the path there was.</summary>
    private static async Task<string> SetAsync(
        NpgsqlConnection connection, string path, bool isLocal, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT before, pg_catalog.set_config('search_path', $1, $2)
              FROM (SELECT pg_catalog.current_setting('search_path') AS before OFFSET 0) AS setting
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = path });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = isLocal });
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
