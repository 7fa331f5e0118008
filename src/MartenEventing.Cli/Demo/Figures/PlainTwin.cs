using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Cli.Demo.Figures;

/// <summary>The same streams and events in Marten's own layout, one table, in a schema of its own.</summary>
internal static class PlainTwin
{
    public const string Schema = "demo_plain";

    /// <summary>Copies the whole store.</summary>
    public static Task MakeAsync(NpgsqlDataSource source, CancellationToken cancellation) =>
        MakeAsync(source, Schema, oneOf: 1, cancellation);

    /// <summary>Copies one of so many streams, whole, into a plain store that can be written on.</summary>
    public static async Task MakeAsync(
        NpgsqlDataSource source, string schema, int oneOf, CancellationToken cancellation)
    {
        var options = new SchemaOptions { SchemaName = schema, Layout = StoreLayout.Plain };
        await new SchemaMigrator(source, options).ApplyAsync(cancellation);
        await source.ExecuteAsync(Copy(schema, oneOf), cancellation);
        await source.ExecuteAsync($"VACUUM ANALYZE {schema}.mt_events", cancellation);
    }

    private static string Copy(string schema, int oneOf) =>
        $"""
        INSERT INTO {schema}.mt_streams (id, type, version, timestamp, created, tenant_id, is_archived)
        SELECT id, type, version, timestamp, created, tenant_id, is_archived
          FROM mt_streams WHERE hashtext(id::text) % {oneOf} = 0;
        INSERT INTO {schema}.mt_events (seq_id, id, stream_id, version, data, bdata, type, timestamp, tenant_id,
                                        mt_dotnet_type, correlation_id, causation_id, headers, user_name, is_archived)
        SELECT seq_id, id, stream_id, version, data, bdata, type, timestamp, tenant_id,
               mt_dotnet_type, correlation_id, causation_id, headers, user_name, is_archived
          FROM mt_events WHERE hashtext(stream_id::text) % {oneOf} = 0 ORDER BY seq_id;
        SELECT setval('{schema}.mt_events_sequence', (SELECT max(seq_id) FROM mt_events));
        """;
}
