using Npgsql;

namespace MartenEventing.Politeness;

/// <summary>
/// Indexes that a concurrent build has left that was broken off or given up: they count for nothing, and cost writers
/// their part.
/// </summary>
internal static class UnfinishedIndexes
{
    /// <summary>Those on a table of the store that nobody builds at the moment, qualified.</summary>
    /// <param name="connection">A pinned connection.</param>
    /// <param name="schemaName">The schema of the store.</param>
    /// <param name="pattern">A regular expression for their names.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<IReadOnlyList<string>> ListAsync(
        NpgsqlConnection connection, string schemaName, string pattern, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT format('%I.%I', a.nspname, c.relname)
              FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = $1
              JOIN pg_index i ON i.indrelid IN (t.oid, nullif(t.reltoastrelid, 0))
              JOIN pg_class c ON c.oid = i.indexrelid AND c.relkind = 'i'
              JOIN pg_namespace a ON a.oid = c.relnamespace
             WHERE NOT i.indisvalid AND c.relname ~ $2
               AND (left(t.relname, 9) IN ('mt_events', 'mt_retain') OR t.relname = 'mt_streams')
               AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.relid IN (t.oid, t.reltoastrelid))
             ORDER BY c.relname
            """, connection);
        command.Parameters.AddWithValue(schemaName);
        command.Parameters.AddWithValue(pattern);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            names.Add(reader.GetString(0));
        return names;
    }

    /// <summary>
    /// Drops them in short transactions: concurrently it would wait for the very ones that the build has waited for.
    /// Returns those that could not be dropped, because somebody keeps a lock on their table, or they are of a TOAST
    /// table, whose schema no owner may look into.
    /// </summary>
    public static async Task<IReadOnlyList<string>> DropAsync(
        NpgsqlConnection connection, string schemaName, string pattern, TimeSpan lockTimeout,
        CancellationToken cancellationToken)
    {
        var left = new List<string>();
        foreach (var name in await ListAsync(connection, schemaName, pattern, cancellationToken))
        {
            try
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await PinnedConnection.BoundWaitsAsync(connection, lockTimeout, isLocal: true, cancellationToken);
                await using var command = new NpgsqlCommand(
                    "DROP INDEX IF EXISTS " + name, connection) { CommandTimeout = 0 };
                await command.ExecuteNonQueryAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
            catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.LockNotAvailable
                or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.InsufficientPrivilege)
            {
                left.Add(name);
            }
        }

        return left;
    }

    /// <summary>Said of those that could not be dropped; empty when there are none.</summary>
    public static string Describe(IReadOnlyList<string> left)
    {
        var toast = left.Where(name => name.StartsWith("pg_toast.", StringComparison.Ordinal)).ToList();
        var others = left.Except(toast).ToList();
        return (others.Count == 0 ? ""
            : $" Left unfinished, dropped first by the next call: {string.Join(", ", others)}.")
            + (toast.Count == 0 ? "" : " Left unfinished, and only for a superuser to drop: "
                + $"{string.Join("; ", toast.Select(name => "DROP INDEX " + name))}. A VACUUM FULL of the "
                + "table takes it along.");
    }
}
