using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Partitioning;

/// <summary>The right to maintain a store, held by a connection: one maintainer at a time.</summary>
internal sealed class MaintenanceLock : IAsyncDisposable
{
    private readonly string _schema;

    private MaintenanceLock(NpgsqlConnection connection, string schema)
    {
        Connection = connection;
        _schema = schema;
    }

    /// <summary>The connection that holds the lock; its statements are not kept from what they lock by it.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>Takes the lock; null when another session holds it.</summary>
    public static async Task<MaintenanceLock?> TryTakeAsync(
        NpgsqlDataSource dataSource, string schemaName, CancellationToken cancellationToken)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var taken = new MaintenanceLock(connection, SqlText.Quote(schemaName));
        try
        {
            if (await taken.CallAsync("pg_try_advisory_lock", cancellationToken))
                return taken;
        }
        catch
        {
            await taken.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Gives the lock back, and the connection to its pool.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await CallAsync("pg_advisory_unlock", CancellationToken.None);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
        {
            // The connection is broken: the server has given the lock back already.
        }

        await Connection.DisposeAsync();
    }

    private async Task<bool> CallAsync(string function, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT {function}({_schema}.mt_maintenance_lock())", Connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
