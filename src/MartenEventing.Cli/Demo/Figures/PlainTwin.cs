using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Cli.Demo.Figures;

/// <summary>The same streams and events in Marten's own layout, one table, in a schema of its own.</summary>
internal static class PlainTwin
{
    public const string Schema = "demo_plain";

    private const string Copy =
        $"""
        INSERT INTO {Schema}.mt_streams (id, type, version, timestamp, created, tenant_id, is_archived)
        SELECT id, type, version, timestamp, created, tenant_id, is_archived FROM mt_streams;
        INSERT INTO {Schema}.mt_events (seq_id, id, stream_id, version, data, bdata, type, timestamp, tenant_id,
                                        mt_dotnet_type, correlation_id, causation_id, headers, user_name, is_archived)
        SELECT seq_id, id, stream_id, version, data, bdata, type, timestamp, tenant_id,
               mt_dotnet_type, correlation_id, causation_id, headers, user_name, is_archived
          FROM mt_events ORDER BY seq_id;
        """;

    public static async Task MakeAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        var options = new SchemaOptions { SchemaName = Schema, Layout = StoreLayout.Plain };
        await new SchemaMigrator(source, options).ApplyAsync(cancellation);
        await source.ExecuteAsync(Copy, cancellation);
        await source.ExecuteAsync($"VACUUM ANALYZE {Schema}.mt_events", cancellation);
    }
}
