using MartenEventing.Partitioning;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Conversion;

/// <summary>Looks at a plain store before it is converted. Changes nothing.</summary>
internal sealed class ConversionSurvey(NpgsqlConnection connection, string schemaName, ConversionOptions options)
{
    private const string Wider = "Take a longer --period, or leave what is older in the head: --since";

    private const string Sizes =
        """
        SELECT greatest(c.reltuples::bigint, pg_stat_get_live_tuples(c.oid), 0), pg_total_relation_size(c.oid),
               coalesce((SELECT sum(pg_relation_size(i.indexrelid))::bigint FROM pg_catalog.pg_index i
                          WHERE i.indrelid = c.oid AND i.indisprimary), 0)
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
         WHERE c.relname = 'mt_events'
        """;

    public async Task<ConversionPlan> PlanAsync(
        StoreLayout layout, ConversionEntry entry, IReadOnlyList<ConversionStep> steps, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sizes, connection);
        command.Parameters.AddWithValue(schemaName);
        long events, bytes, keyBytes;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            (events, bytes, keyBytes) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
        }

        return new ConversionPlan
        {
            SchemaName = schemaName,
            Steps = [.. steps.Select(step => step.ForPeople)],
            Objections = layout == StoreLayout.Partitioned ? [] :
            [
                .. await ObjectionsAsync(QueriesFor(entry), cancellationToken),
                .. await CrowdAsync(now, cancellationToken),
            ],
            EventCount = events,
            TableBytes = bytes,
            BytesNeeded = (keyBytes * 5 / 2) + (1 << 20) + (options.Way == ConversionWay.Shadow ? bytes : 0),
            TimeNeeded = options.Way == ConversionWay.Shadow
                ? TimeSpan.FromSeconds(2 + (events / 20_000.0 / options.BatchShare) + (bytes / 100e6))
                : TimeSpan.FromSeconds(1 + (events / 150_000.0) + (bytes / 200e6)),
        };
    }

    /// <summary>What the partitions that there will be take of the server's locks.</summary>
    private async Task<IReadOnlyList<ConversionObjection>> CrowdAsync(
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
             SELECT current_setting('max_locks_per_transaction')::bigint * (current_setting('max_connections')::bigint
                        + current_setting('max_prepared_transactions')::bigint),
                    1 + (SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                          WHERE i.indrelid = e.oid AND c.relname !~ '_conversion_'),
                    (SELECT CASE WHEN isfinite(t.timestamp) AND t.timestamp >= '0001-01-01 00:00:00Z'
                        THEN t.timestamp END
                       FROM {SqlText.Quote(schemaName)}.mt_events t ORDER BY t.seq_id LIMIT 1)
               FROM pg_class e WHERE e.oid = to_regclass($1)
             """, connection);
        command.Parameters.AddWithValue(SqlText.Quote(schemaName) + ".mt_events");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (room, indexes) = (reader.GetInt64(0), reader.GetInt64(1));
        var present = PartitionCalendar.StartOf(now, options.Period);
        var oldest = reader.IsDBNull(2) ? present : reader.GetFieldValue<DateTimeOffset>(2);
        var from = new[] { oldest, options.SplitSince ?? oldest }.Max();
        from = from < present ? PartitionCalendar.StartOf(from, options.Period) : present;
        var past = PartitionCalendar.Starts(from, present, options.Period).Take(SplitFloor.MostPeriods).Count();
        var space = new LockSpace(0, 1 + indexes, indexes, room);
        var first = options.PeriodsAhead + 3 + (options.Way == ConversionWay.Shadow ? past : 0);
        if (space.IsTightWith(first))
            return [new ConversionObjection(true, "mt_events", space.Describe("mt_events", first), Wider)];
        return options.Way == ConversionWay.Attach && space.IsTightWith(first + past)
            ? [new ConversionObjection(false, "mt_events", "convert split will stop before all is cut: "
                + space.Describe("mt_events", first + past), Wider)]
            : [];
    }

    /// <summary>Of a copy that is being made already, the partitions have their names.</summary>
    private List<string> QueriesFor(ConversionEntry entry)
    {
        List<string> queries =
        [
            ObjectionQueries.Table, CarryingQueries.Shape, CarryingQueries.Storage, ObjectionQueries.Dependents,
            CarryingQueries.Others, CarryingQueries.Triggers(options.AcceptTriggers), CarryingQueries.Rights,
            ObjectionQueries.Server,
        ];
        if (!entry.HasTwoCopies)
            queries.Insert(0, ObjectionQueries.Names);
        if (options.Way == ConversionWay.Shadow)
            queries.Add(ObjectionQueries.Shadow);
        return queries;
    }

    private async Task<IReadOnlyList<ConversionObjection>> ObjectionsAsync(
        IEnumerable<string> queries, CancellationToken cancellationToken)
    {
        var objections = new List<ConversionObjection>();
        foreach (var query in queries)
        {
            await using var command = new NpgsqlCommand(ObjectionQueries.Area + query, connection)
            {
                CommandTimeout = 0,
            };
            command.Parameters.AddWithValue(schemaName);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                objections.Add(new ConversionObjection(
                    reader.GetBoolean(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)));
        }

        return objections;
    }
}
