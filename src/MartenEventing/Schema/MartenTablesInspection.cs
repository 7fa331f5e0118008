using Npgsql;

namespace MartenEventing.Schema;

/// <summary>Reads which of the columns of Marten's own tables a store has.</summary>
internal static class MartenTablesInspection
{
    private const string Query =
        """
        SELECT c.relname || '.' || a.attname
          FROM pg_catalog.pg_namespace n
          JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = ANY ($2)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE n.nspname = $1 ORDER BY c.relname, a.attnum
        """;

    /// <summary>What Marten always makes.</summary>
    private static readonly Dictionary<string, string[]> Always = new()
    {
        ["mt_streams"] =
            ["id", "type", "version", "timestamp", "created", "tenant_id", "compacted_version", "is_archived"],
        ["mt_events"] =
        [
            "seq_id", "id", "stream_id", "version", "data", "bdata", "type", "timestamp", "tenant_id", "mt_dotnet_type",
            "is_archived",
        ],
        ["mt_event_progression"] =
        [
            "name", "last_seq_id", "last_updated", "mode", "rebuild_threshold", "assigned_node", "heartbeat",
            "agent_status", "pause_reason", "running_on_node", "warning_behind_threshold", "critical_behind_threshold",
            "failure_category", "failure_event_sequence", "failure_event_type", "failure_event_tenant_id",
        ],
        ["mt_event_projection_floors"] = ["name", "tenant_id", "floor", "last_updated"],
    };

    /// <summary>What Marten makes where it is told to, or made once.</summary>
    private static readonly string[] Sometimes =
    [
        "mt_events.correlation_id", "mt_events.causation_id", "mt_events.headers", "mt_events.user_name",
        "mt_events.tags", "mt_events.is_skipped", "mt_streams.snapshot", "mt_streams.snapshot_version",
    ];

    public static async Task<MartenTables> ReadAsync(
        NpgsqlConnection connection, string schemaName, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Query;
        command.Parameters.AddWithValue(schemaName);
        command.Parameters.AddWithValue(Always.Keys.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            found.Add(reader.GetString(0));
        return Compare(found);
    }

    /// <summary>A table that is missing as a whole is named once.</summary>
    private static MartenTables Compare(IReadOnlyCollection<string> found)
    {
        var always = Always.SelectMany(table => table.Value, (table, column) => $"{table.Key}.{column}").ToList();
        return new MartenTables
        {
            Missing = [.. always.Except(found).Select(column => HasTable(column) ? column : TableOf(column))
                .Distinct()],
            Unknown = [.. found.Except(always).Except(Sometimes)],
        };

        bool HasTable(string column) => found.Any(other => TableOf(other) == TableOf(column));
    }

    private static string TableOf(string column) => column[..column.IndexOf('.')];
}
