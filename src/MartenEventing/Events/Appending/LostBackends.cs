using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Appending;

/// <summary>
/// The server processes of connections that were lost. One that never heard of the loss may still be waiting to do its
/// work; ended, it has either committed or never will. Not so behind a pooler, which hides them: there an append with
/// an expected version is still stored once, because its second time is a conflict.
/// </summary>
internal sealed class LostBackends(TimeProvider clock)
{
    private const int LongestWaitInMilliseconds = 10_000;

    private readonly Dictionary<int, long> _usedSince = [];

    /// <summary>Notes that the connection is about to be used.</summary>
    public void Note(NpgsqlConnection connection) => _usedSince[connection.ProcessID] = clock.GetTimestamp();

    /// <summary>
    /// Ends those noted, and waits for it. A process that started later has inherited the number: it stays.
    /// </summary>
    public async Task EndAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var (processId, since) in _usedSince)
        {
            await using var command = connection.CreateCommand();
            command.CommandText =
                $"""
                 SELECT pg_catalog.pg_terminate_backend(a.pid, $3) FROM pg_catalog.pg_stat_activity a
                  WHERE a.pid {Own.Equal} $1 AND a.pid {Own.Unequal} pg_catalog.pg_backend_pid()
                    AND a.backend_start {Own.Less} (pg_catalog.clock_timestamp() {Own.Minus} $2)
                 """;
            command.Parameters.With(processId).With(clock.GetElapsedTime(since)).With((long)LongestWaitInMilliseconds);
            if (await command.ExecuteScalarAsync(cancellationToken) is false)
                throw new NpgsqlException(
                    $"Backend {processId}, whose connection was lost, did not end.",
                    new IOException("It is still running."));
        }

        _usedSince.Clear();
    }
}
