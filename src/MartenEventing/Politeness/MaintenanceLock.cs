using Npgsql;

namespace MartenEventing.Politeness;

/// <summary>The right to maintain a store, held by a connection: one maintainer at a time.</summary>
internal sealed class MaintenanceLock : IAsyncDisposable
{
    private readonly PinnedConnection _pinned;
    private long _key;

    private MaintenanceLock(PinnedConnection pinned) => _pinned = pinned;

    /// <summary>The connection that holds the lock; its statements are not kept from what they lock by it.</summary>
    public NpgsqlConnection Connection => _pinned.Connection;

    /// <summary>The session that holds it.</summary>
    public PinnedConnection Session => _pinned;

    /// <summary>Takes the lock; null when another session holds it.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="schemaName">The schema of the store.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="toRead">Whether nothing is to be changed that outlives the lock.</param>
    /// <exception cref="PostgresException">There is something to be changed, and the server is a standby
    /// (25006).</exception>
    /// <exception cref="MaintenanceLockTakenException">The other session is not that of a maintainer.</exception>
    public static async Task<MaintenanceLock?> TryTakeAsync(
        NpgsqlDataSource dataSource, string schemaName, CancellationToken cancellationToken, bool toRead = false)
    {
        var pinned = await PinnedConnection.OpenAsync(dataSource, cancellationToken);
        var taken = new MaintenanceLock(pinned);
        try
        {
            // What is refused there first differs from command to command, and so does how.
            if (!toRead && await PinnedConnection.IsStandbyAsync(pinned.Connection, cancellationToken))
                throw new PostgresException(
                    "the server is a standby, where nothing can be changed", "ERROR", "ERROR",
                    PostgresErrorCodes.ReadOnlySqlTransaction);
            taken._key = await taken.ReadAsync<long>(
                $"SELECT {SqlText.Quote(schemaName)}.mt_maintenance_lock()", cancellationToken);
            if (await taken.ReadAsync<bool>($"SELECT pg_try_advisory_lock({taken._key})", cancellationToken))
                return taken;
            await taken.RefuseStrangerAsync(schemaName, cancellationToken);
        }
        catch
        {
            await taken.DisposeAsync();
            throw;
        }

        await pinned.DisposeAsync();
        return null;
    }

    /// <summary>
    /// Advisory locks are open to everybody: one that is held by whoever has no business here is told of.
    /// </summary>
    private async Task RefuseStrangerAsync(string schemaName, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT a.pid, a.usename::text FROM pg_catalog.pg_locks l
              JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
              JOIN pg_catalog.pg_database d ON d.oid = l.database AND d.datname = pg_catalog.current_database()
              JOIN pg_catalog.pg_class e ON e.relname = 'mt_events'
              JOIN pg_catalog.pg_namespace n ON n.oid = e.relnamespace AND n.nspname = $1
             WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
               AND (l.classid::bigint << 32) + l.objid::bigint = $2
               AND NOT pg_catalog.pg_has_role(a.usesysid, e.relowner, 'MEMBER')
               AND NOT pg_catalog.has_table_privilege(a.usesysid, e.oid, 'INSERT')
            """, Connection);
        command.Parameters.AddWithValue(schemaName);
        command.Parameters.AddWithValue(_key);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (await reader.ReadAsync(cancellationToken))
            throw new MaintenanceLockTakenException(schemaName, reader.GetInt32(0), reader.GetString(1));
    }

    /// <summary>Gives the lock back, and the connection to its pool.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await ReadAsync<bool>($"SELECT pg_advisory_unlock({_key})", CancellationToken.None);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
        {
            // The connection is broken: the server has given the lock back already.
        }

        await _pinned.DisposeAsync();
    }

    private async Task<T> ReadAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, Connection);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
