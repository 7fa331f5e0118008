using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Conversion;

/// <summary>Looks at a plain store before it is converted. Changes nothing.</summary>
internal static class ConversionSurvey
{
    private const string Sizes =
        """
        SELECT greatest(c.reltuples::bigint, pg_stat_get_live_tuples(c.oid), 0), pg_total_relation_size(c.oid),
               coalesce((SELECT sum(pg_relation_size(i.indexrelid))::bigint FROM pg_catalog.pg_index i
                          WHERE i.indrelid = c.oid AND i.indisprimary), 0)
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
         WHERE c.relname = 'mt_events'
        """;

    public static async Task<ConversionPlan> PlanAsync(
        NpgsqlConnection connection,
        string schemaName,
        ConversionOptions options,
        ConversionEntry entry,
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sizes, connection);
        command.Parameters.AddWithValue(schemaName);
        var prefix = SqlText.Quote(schemaName) + ".";
        long events, bytes, keyBytes;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            (events, bytes, keyBytes) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
        }

        await using var key = new NpgsqlCommand(KeyStorage.QueryFor(prefix + "mt_events"), connection);
        var keyStorage = (string)(await key.ExecuteScalarAsync(cancellationToken))!;
        return new ConversionPlan
        {
            SchemaName = schemaName,
            Steps = options.Way == ConversionWay.Shadow
                ? ShadowSteps.Describe(prefix, options)
                : AttachSteps.Describe(prefix, options, keyStorage),
            Objections = await ObjectionsAsync(
                connection, schemaName, QueriesFor(options, entry), cancellationToken),
            EventCount = events,
            TableBytes = bytes,
            BytesNeeded = (keyBytes * 5 / 2) + (1 << 20) + (options.Way == ConversionWay.Shadow ? bytes : 0),
            TimeNeeded = options.Way == ConversionWay.Shadow
                ? TimeSpan.FromSeconds(2 + (events / 20_000.0 / options.BatchShare) + (bytes / 100e6))
                : TimeSpan.FromSeconds(1 + (events / 150_000.0) + (bytes / 200e6)),
        };
    }

    /// <summary>Of a copy that is being made already, the partitions have their names.</summary>
    private static List<string> QueriesFor(ConversionOptions options, ConversionEntry entry)
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

    private static async Task<IReadOnlyList<ConversionObjection>> ObjectionsAsync(
        NpgsqlConnection connection,
        string schemaName,
        IEnumerable<string> queries,
        CancellationToken cancellationToken)
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
