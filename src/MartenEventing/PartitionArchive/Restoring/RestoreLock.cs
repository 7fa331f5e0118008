using Npgsql;

namespace MartenEventing.PartitionArchive.Restoring;

/// <summary>Held while an archive is restored, so that nobody else restores it at the same time.</summary>
internal sealed class RestoreLock : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly string _key;

    private RestoreLock(NpgsqlConnection connection, string key) => (_connection, _key) = (connection, key);

    /// <exception cref="ArchiveConflictException">Somebody else restores it.</exception>
    public static async Task<RestoreLock> TakeAsync(
        NpgsqlConnection connection, ArchiveManifest manifest, CancellationToken cancellationToken)
    {
        var taken = new RestoreLock(connection, $"hashtextextended('partition archive {manifest.Id}', 0)");
        if (!await taken.CallAsync("pg_try_advisory_lock", cancellationToken))
            throw new ArchiveConflictException(manifest.Name, "another process restores it at the moment");
        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection.State == System.Data.ConnectionState.Open)
            await CallAsync("pg_advisory_unlock", CancellationToken.None);
    }

    private async Task<bool> CallAsync(string function, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT {function}({_key})", _connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
