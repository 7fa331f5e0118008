using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Conversion;

/// <summary>The table <c>mt_conversion</c>, seen from here.</summary>
internal static class ConversionRecord
{
    public static async Task<ConversionEntry> FindAsync(
        NpgsqlConnection connection, string schemaName, CancellationToken cancellationToken)
    {
        var table = SqlText.Quote(schemaName) + ".mt_conversion";
        await using (var exists = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection))
        {
            exists.Parameters.AddWithValue(table);
            if (!(bool)(await exists.ExecuteScalarAsync(cancellationToken))!)
                return new ConversionEntry();
        }

        await using var command = new NpgsqlCommand(
            $"SELECT state, started, way, copied, expected FROM {table} ORDER BY started DESC LIMIT 1", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new ConversionEntry
            {
                State = Enum.Parse<ConversionState>(reader.GetString(0), ignoreCase: true),
                StartedAt = reader.GetFieldValue<DateTimeOffset>(1),
                Way = Enum.Parse<ConversionWay>(reader.GetString(2), ignoreCase: true),
                CopiedEventCount = reader.GetInt64(3),
                ExpectedEventCount = reader.IsDBNull(4) ? null : reader.GetInt64(4),
            }
            : new ConversionEntry();
    }

    public static async Task<ConversionStatus> ReadStatusAsync(
        NpgsqlConnection connection, StoreShape shape, CancellationToken cancellationToken)
    {
        var entry = await FindAsync(connection, shape.SchemaName, cancellationToken);
        var status = new ConversionStatus
        {
            SchemaName = shape.SchemaName,
            Layout = shape.Layout,
            State = entry.State,
            Way = entry.Way,
            StartedAt = entry.StartedAt,
            CopiedEventCount = entry.ExpectedEventCount is null ? null : entry.CopiedEventCount,
            ExpectedEventCount = entry.ExpectedEventCount,
            PartitionCount = 0,
        };
        if (shape.Layout == StoreLayout.Plain)
            return status;
        await using var command = new NpgsqlCommand(
            $"""
             SELECT count(*)::int, max(greatest(c.reltuples, 0)) FILTER (WHERE p.kind = 'head'),
                    max(p.upper_bound) FILTER (WHERE p.kind = 'head')
               FROM {SqlText.Quote(shape.SchemaName)}.mt_partitions() p JOIN pg_catalog.pg_class c ON c.oid = p.leaf
             """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return status with
        {
            PartitionCount = reader.GetInt32(0),
            HeadEventCount = reader.IsDBNull(1) ? null : (long)reader.GetFloat(1),
            HeadEndsAt = reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2),
        };
    }

    /// <summary>Notes the beginning, unless a conversion is under way.</summary>
    public static string Begin(string schema, ConversionOptions options) =>
        $"""
         INSERT INTO {schema}mt_conversion (way, state, period)
         SELECT '{options.Way.ToString().ToLowerInvariant()}', 'preparing', '{options.Period.SqlName()}'
          WHERE NOT EXISTS (SELECT FROM {schema}mt_conversion WHERE state = 'preparing')
         """;

    /// <summary>Notes how many events there are to be copied, by the server's estimate.</summary>
    public static string Expect(string schema) =>
        $"""
         UPDATE {schema}mt_conversion SET expected = (
                SELECT CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint
                            ELSE (SELECT count(*) FROM {schema}mt_events) END
                  FROM pg_catalog.pg_class c WHERE c.oid = {schema}mt_events_table())
          WHERE state = 'preparing'
         """;

    /// <summary>Notes a store that was made partitioned as if it had been converted, unless it has been.</summary>
    public static string Adopt(string schema, ConversionOptions options) =>
        $"""
         INSERT INTO {schema}mt_conversion (way, state, period)
         SELECT '{options.Way.ToString().ToLowerInvariant()}', 'completed', {schema}mt_store_period()
          WHERE NOT EXISTS (SELECT FROM {schema}mt_conversion WHERE state IN ('attached', 'completed'))
         """;

    /// <summary>Notes a new state.</summary>
    public static string Move(string schema, string from, string to) =>
        $"UPDATE {schema}mt_conversion SET state = '{to}', changed = now() WHERE state = '{from}'";
}
