using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Importing;

/// <summary>The right to import a source: an advisory lock of a connection.</summary>
internal sealed class SourceLock(StoreSession session, string source)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Takes the lock. A server process whose client has died is given time to notice.</summary>
    /// <exception cref="ImportInProgressException">
    /// Somebody else holds it, and does not let go within five seconds.
    /// </exception>
    public async Task TakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var start = session.Clock.GetTimestamp();
        while (!await RunAsync(connection, "pg_try_advisory_lock", cancellationToken))
        {
            if (session.Clock.GetElapsedTime(start) > Patience)
                throw new ImportInProgressException(source);
            await Task.Delay(Pause, session.Clock, cancellationToken);
        }
    }

    public Task ReleaseAsync(NpgsqlConnection connection) =>
        RunAsync(connection, "pg_advisory_unlock", CancellationToken.None);

    private async Task<bool> RunAsync(NpgsqlConnection connection, string function, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {function}(hashtextextended($1, 0))";
        command.Parameters.With($"marten-eventing import {session.Prefix}{session.Scope.Named(source)}");
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
