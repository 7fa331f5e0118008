using Npgsql;

namespace MartenEventing.Partitioning;

/// <summary>
/// Who keeps a lock on the tables of a store for so long that there is no use in queueing for it: writers would only queue
/// behind.
/// </summary>
internal static class LockHolders
{
    private const string Query =
        """
        SELECT string_agg(DISTINCT CASE WHEN l.pid IS NULL THEN 'a prepared transaction'
                   ELSE format('process %s (%s, %s)', l.pid, coalesce(nullif(a.application_name, ''), a.backend_type),
                               coalesce(a.state, 'running')) END, ', ')
          FROM pg_catalog.pg_locks l
          JOIN pg_catalog.pg_class c ON c.oid = l.relation
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
          LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
         WHERE l.locktype = 'relation' AND l.granted AND l.pid IS DISTINCT FROM pg_backend_pid()
           AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
           AND c.relkind IN ('r', 'p') AND (c.relname LIKE 'mt\_event%' OR c.relname = 'mt_streams')
           AND (l.pid IS NULL
                OR a.state LIKE 'idle in transaction%' AND a.state_change < clock_timestamp() - interval '1 second'
                OR a.xact_start < clock_timestamp() - interval '30 seconds')
        """;

    /// <summary>Their description; null when there are none.</summary>
    public static async Task<string?> FindAsync(
        NpgsqlConnection connection, string schemaName, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, connection);
        command.Parameters.AddWithValue(schemaName);
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }
}
