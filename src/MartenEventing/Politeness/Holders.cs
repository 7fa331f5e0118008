using Npgsql;

namespace MartenEventing.Politeness;

/// <summary>
/// Finds whom others wait for. Works for every role: what the server shows of foreign sessions to members of
/// pg_read_all_stats only is left out, not the session.
/// </summary>
internal static class Holders
{
    private const int Shown = 5;

    private const string Session =
        """
        'session', a.pid, NULL::text, a.usename::text, coalesce(nullif(a.application_name, ''), a.backend_type),
        a.state, extract(epoch FROM clock_timestamp() - a.xact_start)::float8, left(a.query, 400),
        a.state IS NULL AND a.backend_type IS NULL
        """;

    private const string Prepared =
        """
        'prepared', 0, x.gid, x.owner::text, NULL, NULL, extract(epoch FROM clock_timestamp() - x.prepared)::float8,
        CASE WHEN x.database <> current_database() THEN 'in database ' || x.database END, false
        """;

    /// <summary>The lock on its own id tells which locks are those of a prepared transaction.</summary>
    private const string OfPrepared =
        "o.pid IS NULL AND o.granted AND o.locktype = 'transactionid' AND o.transactionid = x.transaction";

    /// <summary>
    /// Those that a session waits for, and those that these wait for; a prepared transaction has no session.
    /// </summary>
    private const string Blocking =
        $"""
         WITH RECURSIVE chain (pid) AS (
             SELECT unnest(pg_blocking_pids($1)) UNION SELECT unnest(pg_blocking_pids(c.pid)) FROM chain c
                    WHERE c.pid <> 0),
         wait AS (SELECT l.* FROM pg_locks l WHERE NOT l.granted
             AND (l.pid = $1 OR l.pid IN (SELECT c.pid FROM chain c)))
         SELECT {Session} FROM chain c JOIN pg_stat_activity a ON a.pid = c.pid
         UNION ALL
         SELECT {Prepared} FROM pg_prepared_xacts x
          WHERE 0 IN (SELECT c.pid FROM chain c) AND EXISTS (
                SELECT FROM wait w JOIN pg_locks p ON p.pid IS NULL AND p.granted AND p.locktype = w.locktype
                   AND p.virtualtransaction IN (SELECT o.virtualtransaction FROM pg_locks o WHERE {OfPrepared})
                   AND (p.database, p.relation, p.page, p.tuple, p.transactionid::text, p.classid, p.objid, p.objsubid)
                       IS NOT DISTINCT FROM
                       (w.database, w.relation, w.page, w.tuple, w.transactionid::text, w.classid, w.objid, w.objsubid))
         """;

    /// <summary>
    /// Those that keep a lock on the tables of a store for so long that there is no use in queueing for it: writers
    /// would only queue behind.
    /// </summary>
    private const string OfStore =
        $"""
         WITH held AS (
             SELECT DISTINCT l.pid, l.virtualtransaction FROM pg_locks l
               JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
              WHERE l.locktype = 'relation' AND l.granted AND l.pid IS DISTINCT FROM pg_backend_pid()
                AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
                AND c.relkind IN ('r', 'p') AND (left(c.relname, 8) = 'mt_event' OR c.relname = 'mt_streams'))
         SELECT {Session} FROM held h JOIN pg_stat_activity a ON a.pid = h.pid
          WHERE left(a.state, 19) = 'idle in transaction' AND a.state_change < clock_timestamp() - interval '1 second'
             OR a.xact_start < clock_timestamp() - interval '30 seconds'
         UNION ALL
         SELECT {Prepared} FROM pg_prepared_xacts x
          WHERE EXISTS (SELECT FROM held h JOIN pg_locks o ON o.virtualtransaction = h.virtualtransaction
                         WHERE h.pid IS NULL AND {OfPrepared})
         """;

    /// <summary>Sessions that may read by a snapshot; its age is to be compared.</summary>
    private const string WithSnapshot =
        """
        FROM pg_stat_activity a
          WHERE a.datid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
            AND coalesce(a.backend_type, 'client backend') = 'client backend' AND a.usesysid IS NOT NULL
            AND a.pid <> pg_backend_pid() AND age(a.backend_xmin) >=
        """;

    /// <summary>
    /// Those that read by a snapshot so old that what was committed before a moment may be invisible to them: in the
    /// copy of a table such a reader would miss rows that it would have found in the table.
    /// </summary>
    private const string OfSnapshots = $"SELECT {Session} {WithSnapshot} age($1::xid8::xid)";

    /// <summary>
    /// Waits in psql until there are none of <see cref="OfSnapshots"/>. Committed, the moment is behind whoever begins
    /// later.
    /// </summary>
    public const string WaitForSnapshots =
        $"""
         DO $$
         DECLARE
             moment xid8 := pg_current_xact_id();
         BEGIN
             COMMIT;
             WHILE EXISTS (SELECT {WithSnapshot} age(moment::xid)) LOOP
                 COMMIT;
                 PERFORM pg_sleep(0.1);
             END LOOP;
         END $$
         """;

    /// <summary>
    /// Those for whom rows that were deleted or changed before a moment must be kept: VACUUM leaves them.
    /// </summary>
    private const string OfHorizon =
        $"""
         SELECT {Session} FROM pg_stat_activity a
          WHERE a.datid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
            AND a.pid <> pg_backend_pid() AND a.usesysid IS NOT NULL
            AND greatest(age(a.backend_xmin), age(a.backend_xid)) >= age($1::xid8::xid)
         UNION ALL
         SELECT {Prepared} FROM pg_prepared_xacts x
          WHERE x.database = current_database() AND age(x.transaction) >= age($1::xid8::xid)
         UNION ALL
         SELECT 'slot', coalesce(s.active_pid, 0), s.slot_name::text, NULL, NULL, NULL, NULL,
                'its xmin ' || age(s.xmin) || ' transactions old', false
           FROM pg_replication_slots s WHERE age(s.xmin) >= age($1::xid8::xid)
         UNION ALL
         SELECT 'standby', a.pid, NULL, a.usename::text, a.application_name, NULL, NULL,
                'its xmin ' || age(a.backend_xmin) || ' transactions old', false
           FROM pg_stat_activity a
          WHERE a.datid IS NULL AND a.usesysid IS NOT NULL AND age(a.backend_xmin) >= age($1::xid8::xid)
            AND NOT EXISTS (SELECT FROM pg_replication_slots s WHERE s.active_pid = a.pid)
         """;

    /// <inheritdoc cref="Blocking"/>
    public static Task<IReadOnlyList<Holder>> BlockingAsync(
        NpgsqlConnection connection, int pid, CancellationToken cancellationToken) =>
        FindAsync(connection, Blocking, pid, cancellationToken);

    /// <inheritdoc cref="OfStore"/>
    public static Task<IReadOnlyList<Holder>> OfStoreAsync(
        NpgsqlConnection connection, string schemaName, CancellationToken cancellationToken) =>
        FindAsync(connection, OfStore, schemaName, cancellationToken);

    /// <inheritdoc cref="OfSnapshots"/>
    /// <param name="connection">A connection to the store's database.</param>
    /// <param name="moment">The id of a transaction that was given at the moment.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task<IReadOnlyList<Holder>> OfSnapshotsAsync(
        NpgsqlConnection connection, string moment, CancellationToken cancellationToken) =>
        FindAsync(connection, OfSnapshots, moment, cancellationToken);

    /// <inheritdoc cref="OfHorizon"/>
    /// <param name="connection">A connection to the store's database.</param>
    /// <param name="moment">The id of a transaction that was to be given next at the moment.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task<IReadOnlyList<Holder>> OfHorizonAsync(
        NpgsqlConnection connection, string moment, CancellationToken cancellationToken) =>
        FindAsync(connection, OfHorizon, moment, cancellationToken);

    /// <summary>All in one line; null when there are none.</summary>
    public static string? Describe(IReadOnlyList<Holder> holders) => holders.Count == 0
        ? null
        : string.Join("; ", holders.Take(Shown).Select(holder => holder.Describe()))
            + (holders.Count > Shown ? $"; and {holders.Count - Shown} more" : "");

    private static async Task<IReadOnlyList<Holder>> FindAsync<T>(
        NpgsqlConnection connection, string sql, T parameter, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = parameter });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var holders = new List<Holder>();
        while (await reader.ReadAsync(cancellationToken))
            holders.Add(new Holder(
                reader.GetString(0), reader.GetInt32(1), Text(reader, 2), Text(reader, 3), Text(reader, 4),
                Text(reader, 5),
                reader.IsDBNull(6) ? null : reader.GetDouble(6), Text(reader, 7), reader.GetBoolean(8)));
        return [.. holders.OrderByDescending(holder => holder.Seconds ?? double.MaxValue)];
    }

    private static string? Text(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);
}
