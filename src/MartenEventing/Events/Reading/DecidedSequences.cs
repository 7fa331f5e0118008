using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Reading;

/// <summary>
/// Up to which sequence it is decided what is stored. Who draws a sequence number holds a lock on the sequence until
/// the end of his transaction; so once all who held it when a number was the last one have ended, no event up to it is
/// still to come.
/// </summary>
internal sealed class DecidedSequences(StoreSession session)
{
    private readonly SemaphoreSlim _one = new(1);
    private long _decided;
    private long _candidate;
    private HashSet<string> _stillRunning = [];

    /// <summary>Looks again. What is read after this has all events up to the sequence returned.</summary>
    public async Task<long> LookAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var (last, running) = await session.RunAsync(ReadAsync, cancellationToken);
            _stillRunning.IntersectWith(running);
            if (_stillRunning.Count == 0)
            {
                _decided = Math.Max(_decided, running.Count == 0 ? last : _candidate);
                (_candidate, _stillRunning) = (last, running);
            }

            return _decided;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<(long Last, HashSet<string> Running)> ReadAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        var sequence = session.Prefix + "mt_events_sequence";
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand($"SELECT {session.Prefix}mt_last_sequence()"));
        var holders = new NpgsqlBatchCommand(
            $"""
             SELECT DISTINCT l.virtualtransaction FROM pg_catalog.pg_locks l
              WHERE l.locktype {Own.Equal} 'relation' AND l.relation {Own.Equal} $1::pg_catalog.regclass
                AND l.mode {Own.Equal} 'RowExclusiveLock' AND l.database {Own.Equal} (
                    SELECT d.oid FROM pg_catalog.pg_database d
                     WHERE d.datname {Own.Equal} pg_catalog.current_database())
             """);
        holders.Parameters.With(sequence);
        batch.BatchCommands.Add(holders);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var last = reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        var running = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            running.Add(reader.GetString(0));
        return (last, running);
    }
}
