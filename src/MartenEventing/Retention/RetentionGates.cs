using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using Npgsql;

namespace MartenEventing.Retention;

/// <summary>Asks the database what forbids to remove partitions now.</summary>
internal static class RetentionGates
{
    public static async Task<IReadOnlyList<RetentionGate>> FindAsync(
        NpgsqlConnection connection, string schema, string[] leaves, bool cut, string? consumed,
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
             SELECT gate, partition_name, reason, way_out
               FROM {schema}mt_retention_gates($1, $2, $3::text::pg_lsn)
             """,
            connection) { CommandTimeout = 0 };
        command.Parameters.AddWithValue(leaves);
        command.Parameters.AddWithValue(cut);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)consumed ?? DBNull.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var gates = new List<RetentionGate>();
        while (await reader.ReadAsync(cancellationToken))
            gates.Add(new RetentionGate(
                Enum.Parse<RetentionGateKind>(reader.GetString(0), ignoreCase: true),
                reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetString(2), reader.GetString(3)));
        return gates;
    }

    public static Task<IReadOnlyList<RetentionGate>> FindAsync(
        PoliteSession session, string[] leaves, bool cut, string? consumed, CancellationToken cancellationToken) =>
        FindAsync(session.Connection, session.Schema, leaves, cut, consumed, cancellationToken);
}
