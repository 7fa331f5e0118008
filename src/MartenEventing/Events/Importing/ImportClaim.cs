using MartenEventing.Events.Appending;
using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Importing;

/// <summary>
/// The right to import a source: an advisory lock on the connection that the import uses. Taken anew when the connection is lost,
/// after the lost one's server process has ended.
/// </summary>
internal sealed class ImportClaim(StoreSession session, string source) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly LostBackends _lost = new(session.Clock);
    private NpgsqlConnection? _connection;

    /// <summary>The connection that holds the lock.</summary>
    /// <exception cref="ImportInProgressException">Somebody else holds it, and does not let go within five seconds.</exception>
    public async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_connection is { State: System.Data.ConnectionState.Open })
            return _connection;
        await DisposeAsync();
        var connection = await session.DataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            await _lost.EndAsync(connection, cancellationToken);
            _lost.Note(connection);
            await LockAsync(connection, cancellationToken);
            return _connection = connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _connection, null) is not { } connection)
            return;
        try
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await RunAsync(connection, "pg_advisory_unlock", CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // With the connection the lock is gone, too.
        }

        await connection.DisposeAsync();
    }

    private async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var start = session.Clock.GetTimestamp();
        while (!await RunAsync(connection, "pg_try_advisory_lock", cancellationToken))
        {
            if (session.Clock.GetElapsedTime(start) > Patience)
                throw new ImportInProgressException(source);
            await Task.Delay(Pause, session.Clock, cancellationToken);
        }
    }

    private async Task<bool> RunAsync(NpgsqlConnection connection, string function, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {function}(hashtextextended($1, 0))";
        command.Parameters.With($"marten-eventing import {session.Prefix}{source}");
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
