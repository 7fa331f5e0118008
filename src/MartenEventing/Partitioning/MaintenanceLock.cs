using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Partitioning;

/// <summary>The right to maintain a store, held by a connection: one maintainer at a time.</summary>
internal sealed class MaintenanceLock : IAsyncDisposable
{
    private readonly PinnedConnection _pinned;
    private long _key;

    private MaintenanceLock(PinnedConnection pinned) => _pinned = pinned;

    /// <summary>The connection that holds the lock; its statements are not kept from what they lock by it.</summary>
    public NpgsqlConnection Connection => _pinned.Connection;

    /// <summary>Takes the lock; null when another session holds it.</summary>
    public static async Task<MaintenanceLock?> TryTakeAsync(
        NpgsqlDataSource dataSource, string schemaName, CancellationToken cancellationToken)
    {
        var pinned = await PinnedConnection.OpenAsync(dataSource, cancellationToken);
        var taken = new MaintenanceLock(pinned);
        try
        {
            taken._key = await taken.ReadAsync<long>(
                $"SELECT {SqlText.Quote(schemaName)}.mt_maintenance_lock()", cancellationToken);
            if (await taken.ReadAsync<bool>($"SELECT pg_try_advisory_lock({taken._key})", cancellationToken))
                return taken;
        }
        catch
        {
            await taken.DisposeAsync();
            throw;
        }

        await pinned.DisposeAsync();
        return null;
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
