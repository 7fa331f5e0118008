using Npgsql;

namespace MartenEventing.Schema;

/// <summary>Reads the state of a schema.</summary>
internal sealed class SchemaInspection(NpgsqlConnection connection, SchemaOptions options)
{
    private const string Counts =
        """
        SELECT (SELECT count(*)::int FROM pg_catalog.pg_partition_tree(e.oid) p WHERE p.isleaf AND p.level > 0),
               (SELECT coalesce(array_agg(t.tgname::text), '{}') FROM pg_catalog.pg_trigger t
                 WHERE t.tgrelid IN (e.oid, s.oid) AND NOT t.tgisinternal
                   AND t.tgenabled = ANY (CASE t.tgname WHEN 'mt_guard_replica' THEN '{R}' ELSE '{O,A}' END::"char"[])),
               (SELECT coalesce(array_agg(DISTINCT c.relname::text), '{}') FROM pg_catalog.pg_trigger t
                  JOIN pg_catalog.pg_partition_tree(e.oid) p ON p.relid = t.tgrelid AND p.level > 0
                  JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
                 WHERE t.tgname ~ '^mt_(guard_|withdraw$|note_change$|append_only$)'
                   AND t.tgname <> 'mt_guard_statement'
                   AND t.tgenabled <> ALL (CASE t.tgname WHEN 'mt_guard_replica' THEN '{R}' WHEN 'mt_withdraw'
                       THEN '{A}'
                                           WHEN 'mt_note_change' THEN '{A}' ELSE '{O,A}' END::"char"[])),
               coalesce((SELECT CASE WHEN pg_catalog.has_sequence_privilege(q.oid, 'SELECT')
                                     THEN pg_catalog.pg_sequence_last_value(q.oid) END
                           FROM pg_catalog.pg_class q
                          WHERE q.relnamespace = n.oid AND q.relname = 'mt_guard_passed' AND q.relkind = 'S'), 0),
               (SELECT coalesce(array_agg(DISTINCT u.subname::text), '{}') FROM pg_catalog.pg_subscription_rel r
                  JOIN pg_catalog.pg_subscription u ON u.oid = r.srsubid
                 WHERE r.srrelid IN (SELECT p.relid FROM pg_catalog.pg_partition_tree(e.oid) p
                                      UNION ALL SELECT e.oid UNION ALL SELECT s.oid))
          FROM pg_catalog.pg_namespace n
          JOIN pg_catalog.pg_class e ON e.relnamespace = n.oid AND e.relname = 'mt_events'
          JOIN pg_catalog.pg_class s ON s.relnamespace = n.oid AND s.relname = 'mt_streams'
         WHERE n.nspname = $1
        """;

    /// <summary>The triggers that <c>mt_install_guard</c> puts up.</summary>
    public static IReadOnlyList<string> GuardTriggers { get; } =
    [
        "mt_guard_event", "mt_guard_replica", "mt_guard_stream_insert", "mt_guard_stream_update",
        "mt_guard_stream_delete",
        "mt_guard_stream_cascade", "mt_guard_stream_truncate", "mt_guard_commit",
        "mt_guard_held_event", "mt_guard_held_stream", "mt_guard_held_truncate",
    ];

    public async Task<SchemaStatus> ReadAsync(CancellationToken cancellationToken)
    {
        var shape = await StoreShape.FindAsync(connection, options.SchemaName, cancellationToken);
        var history = await new MigrationHistory(connection, options).ReadAsync(cancellationToken);
        var (partitions, triggers, without, passed, subscriptions) = await CountAsync(cancellationToken);
        return new SchemaStatus
        {
            SchemaName = options.SchemaName,
            Shape = shape,
            MartenTables = shape is null
                ? null
                : await MartenTablesInspection.ReadAsync(connection, options.SchemaName, cancellationToken),
            Migrations = Compare(history),
            PartitionCount = partitions,
            LockSpace = await LockSpace.FindAsync(connection, options.SchemaName, "mt_events", cancellationToken),
            MissingGuardTriggers = shape?.Layout == StoreLayout.Partitioned ? [.. GuardTriggers.Except(triggers)] : [],
            UnguardedPartitions = without,
            EventsPastGuard = passed,
            Subscriptions = subscriptions,
        };
    }

    private List<MigrationStatus> Compare(IReadOnlyDictionary<string, AppliedMigration> history)
    {
        var check = new HistoryCheck(options, history);
        var files = Migration.StepsOf(options).SelectMany(step => step).Select(file => new MigrationStatus(
            file.Name, file.Kind, check.StateOf(file), history.GetValueOrDefault(file.Name)?.At));
        var unknown = check.Unknown().Select(name => new MigrationStatus(
            name, MigrationKind.Versioned, MigrationState.Unknown, history[name].At));
        return [.. files, .. unknown];
    }

    private async Task<Counted> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Counts;
        command.Parameters.AddWithValue(options.SchemaName);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
                reader.GetInt32(0), reader.GetFieldValue<string[]>(1), reader.GetFieldValue<string[]>(2),
                reader.GetInt64(3), reader.GetFieldValue<string[]>(4))
            : new(0, [], [], 0, []);
    }

    private sealed record Counted(
        int Partitions, string[] Triggers, string[] Without, long Passed, string[] Subscriptions);
}
