using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Conversion;

/// <summary>The table <c>mt_conversion</c>, seen from here.</summary>
internal static class ConversionRecord
{
    public static async Task<(ConversionState State, DateTimeOffset? StartedAt)> FindAsync(
        NpgsqlConnection connection, string schemaName, CancellationToken cancellationToken)
    {
        var table = SqlText.Quote(schemaName) + ".mt_conversion";
        await using (var exists = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection))
        {
            exists.Parameters.AddWithValue(table);
            if (!(bool)(await exists.ExecuteScalarAsync(cancellationToken))!)
                return (ConversionState.None, null);
        }

        await using var command = new NpgsqlCommand(
            $"SELECT state, started FROM {table} ORDER BY started DESC LIMIT 1", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (Enum.Parse<ConversionState>(reader.GetString(0), ignoreCase: true),
                reader.GetFieldValue<DateTimeOffset>(1))
            : (ConversionState.None, null);
    }

    public static async Task<ConversionStatus> ReadStatusAsync(
        NpgsqlConnection connection, StoreShape shape, CancellationToken cancellationToken)
    {
        var (state, started) = await FindAsync(connection, shape.SchemaName, cancellationToken);
        var status = new ConversionStatus
        {
            SchemaName = shape.SchemaName, Layout = shape.Layout, State = state, StartedAt = started, PartitionCount = 0,
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
    public static Task BeginAsync(
        ConversionSession session, ConversionOptions options, CancellationToken cancellationToken) =>
        ExecuteAsync(
            session,
            $"""
             INSERT INTO {session.Schema}mt_conversion (way, state, period)
             SELECT '{options.Way.ToString().ToLowerInvariant()}', 'preparing', '{SqlText.NameOf(options.Period)}'
              WHERE NOT EXISTS (SELECT FROM {session.Schema}mt_conversion WHERE state = 'preparing')
             """,
            cancellationToken);

    /// <summary>Notes a store that was made partitioned as if it had been converted, unless it has been.</summary>
    public static Task AdoptAsync(
        ConversionSession session, ConversionOptions options, CancellationToken cancellationToken) =>
        ExecuteAsync(
            session,
            $"""
             INSERT INTO {session.Schema}mt_conversion (way, state, period)
             SELECT '{options.Way.ToString().ToLowerInvariant()}', 'completed', {session.Schema}mt_store_period()
              WHERE NOT EXISTS (SELECT FROM {session.Schema}mt_conversion WHERE state IN ('attached', 'completed'))
             """,
            cancellationToken);

    /// <summary>Notes a new state.</summary>
    public static Task MoveAsync(
        ConversionSession session, string from, string to, CancellationToken cancellationToken) =>
        ExecuteAsync(
            session,
            $"UPDATE {session.Schema}mt_conversion SET state = '{to}', changed = now() WHERE state = '{from}'",
            cancellationToken);

    private static async Task ExecuteAsync(ConversionSession session, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, session.Connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
