using Npgsql;

namespace MartenEventing.Schema;

/// <summary>
/// A connection on which a statement means the same whatever the role, the database or the pool has set: a name without
/// a schema is PostgreSQL's own function, operator or type (a schema of somebody else's in the search_path could hold a
/// better match, which would run with our rights), and values read and print one way. What is done here takes as long as
/// there is data: no statement_timeout ends it, cancelling does. All connections of this library are opened here, but for
/// the hot path of events, whose SQL qualifies each name and sends values as parameters.
/// </summary>
internal sealed class PinnedConnection : IAsyncDisposable
{
    private static readonly (string Name, string Value)[] Meaning =
    [
        ("search_path", "pg_catalog, pg_temp"),
        ("timezone", "UTC"),
        ("datestyle", "ISO, MDY"),
        ("intervalstyle", "postgres"),
        ("extra_float_digits", "1"),
        ("bytea_output", "hex"),
        ("lc_monetary", "C"),
        ("array_nulls", "on"),
        ("standard_conforming_strings", "on"),
        ("quote_all_identifiers", "off"),
    ];

    /// <summary>Those that this server does not know yet are left out.</summary>
    private static readonly (string Name, string Value)[] Patience =
    [
        ("statement_timeout", "0"),
        ("transaction_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),
        ("idle_session_timeout", "0"),
    ];

    /// <summary>For the transactions of a session, and the statements outside them.</summary>
    private static readonly (string Name, string Value)[] Transactions =
    [
        ("default_transaction_isolation", "read committed"),
        ("default_transaction_read_only", "off"),
        ("default_transaction_deferrable", "off"),
    ];

    private readonly NpgsqlTransaction? _transaction;
    private readonly (string Name, string Value)[] _before;

    private PinnedConnection(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, (string Name, string Value)[] before) =>
        (Connection, _transaction, _before) = (connection, transaction, before);

    /// <summary>The connection.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>
    /// For what needs a session: several transactions, or none. The pool gets the connection back with the settings it
    /// had. A pooler in between must keep sessions together.
    /// </summary>
    public static Task<PinnedConnection> OpenAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken) =>
        OpenAsync(
            dataSource,
            async connection => new PinnedConnection(
                connection, null,
                await SetAsync(connection, null, [.. Meaning, .. Patience, .. Transactions], cancellationToken)),
            cancellationToken);

    /// <summary>
    /// For what one transaction does, which <see cref="CommitAsync"/> ends: it leaves no setting in a session, so a
    /// pooler may give each transaction another one. It may write, unless the server is a standby.
    /// </summary>
    public static Task<PinnedConnection> BeginAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken) =>
        OpenAsync(dataSource, connection => BeginAsync(connection, cancellationToken), cancellationToken);

    /// <summary>
    /// For a transaction that only reads: a write in it fails. Bounded, the timeouts of the role end it.
    /// </summary>
    public static Task<PinnedConnection> ReadAsync(
        NpgsqlDataSource dataSource, CancellationToken cancellationToken, bool bounded = false) =>
        OpenAsync(
            dataSource, connection => BeginAsync(connection, "READ ONLY", bounded, cancellationToken), cancellationToken);

    /// <summary>The same on a connection that is open; it is closed at the end.</summary>
    public static Task<PinnedConnection> ReadAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken) =>
        BeginAsync(connection, "READ ONLY", bounded: false, cancellationToken);

    /// <summary>Whether the server repeats what another one writes, so that nothing can be written here.</summary>
    public static async Task<bool> IsStandbyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_catalog.pg_is_in_recovery()", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
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
            if (_before.Length > 0)
                await SetAsync(Connection, null, _before, CancellationToken.None);
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
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return await BeginAsync(connection, "READ WRITE", bounded: false, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.FeatureNotSupported)
        {
            // A standby: whoever only reads is served there, whoever writes is told 25006.
            return await BeginAsync(connection, "READ ONLY", bounded: false, cancellationToken);
        }
    }

    private static async Task<PinnedConnection> BeginAsync(
        NpgsqlConnection connection, string access, bool bounded, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await SetAsync(connection, access, bounded ? Meaning : [.. Meaning, .. Patience], cancellationToken);
            return new PinnedConnection(connection, transaction, []);
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Sets what the server knows of these, in one round trip, for the transaction whose access it declares or else for
    /// the session. Returns what there was.
    /// </summary>
    private static async Task<(string Name, string Value)[]> SetAsync(
        NpgsqlConnection connection, string? access, (string Name, string Value)[] settings,
        CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (access is not null)
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SET TRANSACTION " + access));
        var command = new NpgsqlBatchCommand(
            """
            SELECT s.name, s.before, pg_catalog.set_config(s.name, s.value, $3)
              FROM (SELECT n.name, n.value, pg_catalog.current_setting(n.name, true) AS before
                      FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS n (name, value) OFFSET 0) AS s
             WHERE s.before IS NOT NULL
            """);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. settings.Select(s => s.Name)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. settings.Select(s => s.Value)] });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = access is not null });
        batch.BatchCommands.Add(command);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var before = new List<(string, string)>();
        while (await reader.ReadAsync(cancellationToken))
            before.Add((reader.GetString(0), reader.GetString(1)));
        return [.. before];
    }
}
