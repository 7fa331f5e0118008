using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Conversion;

/// <summary>Looks at a plain store before it is converted. Changes nothing.</summary>
internal static class ConversionSurvey
{
    private const string Sizes =
        """
        SELECT greatest(c.reltuples, 0)::bigint, pg_total_relation_size(c.oid),
               coalesce((SELECT sum(pg_relation_size(i.indexrelid))::bigint FROM pg_catalog.pg_index i
                          WHERE i.indrelid = c.oid AND i.indisprimary), 0)
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
         WHERE c.relname = 'mt_events'
        """;

    public static async Task<ConversionPlan> PlanAsync(
        NpgsqlConnection connection, string schemaName, ConversionOptions options, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sizes, connection);
        command.Parameters.AddWithValue(schemaName);
        long events, bytes, key;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            (events, bytes, key) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
        }

        return new ConversionPlan
        {
            SchemaName = schemaName,
            Steps = AttachSteps.Describe(SqlText.Quote(schemaName) + ".", options),
            Objections = await ObjectionsAsync(connection, schemaName, cancellationToken),
            EventCount = events,
            TableBytes = bytes,
            BytesNeeded = (key * 5 / 2) + (1 << 20),
            TimeNeeded = TimeSpan.FromSeconds(1 + (events / 150_000.0) + (bytes / 200e6)),
        };
    }

    private static async Task<IReadOnlyList<ConversionObjection>> ObjectionsAsync(
        NpgsqlConnection connection, string schemaName, CancellationToken cancellationToken)
    {
        var objections = new List<ConversionObjection>();
        foreach (var query in (string[])[ObjectionQueries.Table, ObjectionQueries.Dependents, ObjectionQueries.Server])
        {
            await using var command = new NpgsqlCommand(ObjectionQueries.Area + query, connection);
            command.Parameters.AddWithValue(schemaName);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                objections.Add(new ConversionObjection(
                    reader.GetBoolean(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)));
        }

        return objections;
    }
}
