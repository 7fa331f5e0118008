using MartenEventing.Partitioning;
using MartenEventing.Schema;
using MartenEventing.Politeness;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MartenEventing.Maintenance;

/// <summary>VACUUM and REINDEX of a store, table by table, so that nothing is locked that others wait for.</summary>
public sealed class StoreUpkeep(NpgsqlDataSource dataSource, string schemaName)
{
    private const string UnfinishedIndex = "_cc(new|old)[0-9]*$";
    private static readonly LockPatience Patience = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    private readonly string _schema = SqlText.Quote(schemaName);

    /// <summary>
    /// How long a statement waits each time others are in its way, which keeps nobody waiting: more than nothing.
    /// Default one hour; null: without end.
    /// </summary>
    public TimeSpan? GiveUpAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Is told whom a statement waits for, while it does, and for whom a VACUUM had to leave dead rows. Default null.
    /// </summary>
    public IProgress<string>? Waiting { get; init; }

    /// <summary>
    /// A VACUUM (ANALYZE) of each partition and of <c>mt_streams</c>, or of one of these tables. With freeze, rows are
    /// marked as old for good, which spares a later rewrite.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such table.</exception>
    public async Task<IReadOnlyList<UpkeepStatement>> PlanVacuumAsync(
        string? table = null, bool freeze = false, CancellationToken cancellationToken = default) =>
        [.. from name in await TablesAsync(table, cancellationToken)
            select new UpkeepStatement(
                name, $"VACUUM ({(freeze ? "FREEZE, " : "")}ANALYZE) {_schema}.{SqlText.Quote(name)}")];

    /// <summary>
    /// A REINDEX TABLE CONCURRENTLY of each partition and of <c>mt_streams</c>, or of one of these tables; before it, a
    /// DROP of what an interrupted one has left.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such table.</exception>
    public async Task<IReadOnlyList<UpkeepStatement>> PlanReindexAsync(
        string? table = null, CancellationToken cancellationToken = default)
    {
        var tables = await TablesAsync(table, cancellationToken);
        var left = await ReadAsync(
            $"""
             SELECT index_name FROM {_schema}.event_store_index_usage
              WHERE NOT is_valid AND table_name = ANY ($1) AND index_name ~ '_cc(new|old)[0-9]*$'
             """,
            tables.ToArray(),
            cancellationToken);
        return
        [
            .. from index in left
               select new UpkeepStatement(index, $"DROP INDEX CONCURRENTLY {_schema}.{SqlText.Quote(index)}"),
            .. from name in tables
               select new UpkeepStatement(name, $"REINDEX TABLE CONCURRENTLY {_schema}.{SqlText.Quote(name)}"),
        ];
    }

    /// <summary>
    /// Runs one statement, however long its work takes. Given up, it takes the indexes away that it has begun.
    /// </summary>
    /// <exception cref="GaveUpWaitingException">Somebody let it wait for longer than
    /// <see cref="GiveUpAfter"/>.</exception>
    /// <exception cref="UpkeepRefusedException">The connected role may not; VACUUM would only warn.</exception>
    /// <exception cref="PostgresException">The server refused it.</exception>
    public async Task ExecuteAsync(UpkeepStatement statement, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(statement);
        await RequireRightAsync(statement, cancellationToken);
        await using var pinned = await PinnedConnection.OpenAsync(dataSource, cancellationToken);
        var moment = await MomentAsync(pinned.Connection, cancellationToken);
        await using var session = new PoliteSession(
            pinned, schemaName, Patience with { GiveUpAfter = GiveUpAfter }, TimeProvider.System, NullLogger.Instance)
        {
            Builds = UnfinishedIndex,
            Next = "What was run before it stays done.",
            Progress = step =>
            {
                if (step.WaitingFor is { } holders)
                    Waiting?.Report($"waits for {holders}");
            },
        };
        await session.RunAsync(statement.Sql, statement.Sql, cancellationToken);
        await TellOfDeadRowsAsync(pinned.Connection, statement, moment, cancellationToken);
    }

    private static async Task<string> MomentAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_snapshot_xmax(pg_current_snapshot())::text", connection);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>VACUUM waits for nobody, and leaves what somebody might still see.</summary>
    private async Task TellOfDeadRowsAsync(
        NpgsqlConnection connection, UpkeepStatement statement, string moment, CancellationToken cancellationToken)
    {
        if (Waiting is null || !statement.Sql.StartsWith("VACUUM", StringComparison.Ordinal))
            return;
        await using var command = new NpgsqlCommand(
            """
            SELECT pg_stat_get_dead_tuples(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = $1 AND c.relname = $2
            """, connection);
        command.Parameters.AddWithValue(schemaName);
        command.Parameters.AddWithValue(statement.Target);
        if (await command.ExecuteScalarAsync(cancellationToken) is long dead and > 0
            && Holders.Describe(await Holders.OfHorizonAsync(connection, moment, cancellationToken)) is { } holders)
            Waiting.Report($"{statement.Target} keeps {dead:N0} dead rows for {holders}");
    }

    /// <summary>Size and use of every index of the events and the streams, the largest first.</summary>
    public async Task<IReadOnlyList<IndexUsage>> ReadIndexUsageAsync(CancellationToken cancellationToken = default)
    {
        await using var pinned = await PinnedConnection.ReadAsync(dataSource, cancellationToken);
        await using var command = new NpgsqlCommand(
            $"""
             SELECT table_name, index_name, is_valid, index_bytes, scans, entries_read, rows_fetched,
                    effectiveness_percent::double precision
               FROM {_schema}.event_store_index_usage ORDER BY index_bytes DESC, index_name
             """, pinned.Connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var usages = new List<IndexUsage>();
        while (await reader.ReadAsync(cancellationToken))
        {
            usages.Add(new IndexUsage(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetBoolean(2),
                reader.GetInt64(3),
                reader.GetInt64(4),
                reader.GetInt64(5),
                reader.GetInt64(6),
                reader.IsDBNull(7) ? null : reader.GetDouble(7)));
        }

        return usages;
    }

    /// <summary>Events and streams of each of the last 24 hours that had any, the newest first.</summary>
    public async Task<IReadOnlyList<HourlyActivity>> ReadRecentActivityAsync(
        CancellationToken cancellationToken = default)
    {
        await using var pinned = await PinnedConnection.ReadAsync(dataSource, cancellationToken);
        await using var command = new NpgsqlCommand(
            $"SELECT hour, event_count, stream_count FROM {_schema}.event_store_recent_activity ORDER BY hour DESC",
            pinned.Connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var hours = new List<HourlyActivity>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var hour = reader.GetFieldValue<DateTimeOffset>(0);
            hours.Add(new HourlyActivity(hour, reader.GetInt64(1), reader.GetInt64(2)));
        }

        return hours;
    }

    private async Task RequireRightAsync(UpkeepStatement statement, CancellationToken cancellationToken)
    {
        await using var pinned = await PinnedConnection.ReadAsync(dataSource, cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            SELECT current_user::text,
                   pg_has_role(d.datdba, 'USAGE') OR CASE WHEN current_setting('server_version_num')::integer >= 170000
                   THEN has_table_privilege(c.oid, 'MAINTAIN') ELSE pg_has_role(c.relowner, 'USAGE') END
              FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_catalog.pg_database d ON d.datname = current_database()
             WHERE n.nspname = $1 AND c.relname = $2
            """, pinned.Connection);
        command.Parameters.AddWithValue(schemaName);
        command.Parameters.AddWithValue(statement.Target);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (await reader.ReadAsync(cancellationToken) && !reader.GetBoolean(1))
            throw new UpkeepRefusedException(reader.GetString(0), statement);
    }

    private async Task<IReadOnlyList<string>> TablesAsync(string? table, CancellationToken cancellationToken)
    {
        var tables = await ReadAsync(
            $"""
             SELECT name FROM (
                 SELECT p.name, p.lower_bound FROM {_schema}.mt_all_partitions() p WHERE NOT p.detach_pending
                 UNION ALL SELECT c.relname, 'infinity' FROM pg_catalog.pg_class c
                            WHERE c.oid = {_schema}.mt_events_table() AND c.relkind = 'r'
                 UNION ALL SELECT 'mt_streams', 'infinity') t (name, lower_bound)
              WHERE name = ANY ($1) OR cardinality($1) = 0 ORDER BY lower_bound, name
             """,
            table is null ? [] : [table],
            cancellationToken);
        return tables.Count > 0
            ? tables
            : throw new ArgumentException(
                $"\"{table}\" is neither a partition of mt_events nor mt_streams.", nameof(table));
    }

    private async Task<IReadOnlyList<string>> ReadAsync(
        string sql, string[] names, CancellationToken cancellationToken)
    {
        await using var pinned = await PinnedConnection.ReadAsync(dataSource, cancellationToken);
        await using var command = new NpgsqlCommand(sql, pinned.Connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter { Value = names });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var read = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            read.Add(reader.GetString(0));
        return read;
    }
}
