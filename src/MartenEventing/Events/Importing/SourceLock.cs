using MartenEventing.Events.Connecting;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Events.Importing;

/// <summary>The right to import a source: an advisory lock of a connection.</summary>
internal sealed class SourceLock(StoreSession session, string source)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Takes the lock. A server process whose client has died is given time to notice.</summary>
    /// <exception cref="ImportInProgressException">
    /// Somebody else holds it, and does not let go within five seconds.
    /// </exception>
    public async Task TakeAsync(PinnedConnection pinned, CancellationToken cancellationToken)
    {
        var watch = pinned.Watch();
        try
        {
            await using var transaction = await pinned.Connection.BeginTransactionAsync(cancellationToken);
            await pinned.BoundWaitsOfTransactionAsync(Patience, cancellationToken);
            await watch.RunAsync(() => RunAsync(pinned.Connection, "pg_advisory_lock", cancellationToken), Patience);
            await transaction.CommitAsync(cancellationToken); // the lock is the session's, and stays
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new ImportInProgressException(source, watch.HeldBy);
        }
    }

    public Task ReleaseAsync(NpgsqlConnection connection) =>
        RunAsync(connection, "pg_advisory_unlock", CancellationToken.None);

    private async Task<int> RunAsync(NpgsqlConnection connection, string function, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {function}(hashtextextended($1, 0))";
        command.Parameters.With($"marten-eventing import {session.Prefix}{session.Scope.Named(source)}");
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
