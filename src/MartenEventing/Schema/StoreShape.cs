using MartenEventing.Politeness;
using Npgsql;

namespace MartenEventing.Schema;

/// <summary>What kind of event store a schema holds, as the catalogs have it.</summary>
public sealed record StoreShape
{
    private const string Query =
        """
        SELECT format_type(a.atttypid, NULL), e.relkind = 'p', coalesce(pg_get_partkeydef(e.oid), ''),
               s.relkind = 'p',
               ARRAY(SELECT k.attname::text
                       FROM pg_catalog.pg_index i
                       JOIN pg_catalog.pg_attribute k ON k.attrelid = s.oid AND k.attnum = ANY (i.indkey)
                      WHERE i.indrelid = s.oid AND i.indisprimary ORDER BY k.attname),
               EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = e.oid AND t.tgname = 'mt_guard_event')
                   AND 2 = (SELECT count(*) FROM pg_catalog.pg_inherits h
                              JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid
                             WHERE h.inhparent = e.oid AND c.relname IN ('mt_events_head', 'mt_events_tail')),
               EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = s.oid AND t.tgname = 'mt_tenant_arrives')
          FROM pg_catalog.pg_namespace n
          JOIN pg_catalog.pg_class e ON e.relnamespace = n.oid AND e.relname = 'mt_events' AND e.relkind IN ('r', 'p')
          JOIN pg_catalog.pg_class s ON s.relnamespace = n.oid AND s.relname = 'mt_streams' AND s.relkind IN ('r', 'p')
          JOIN pg_catalog.pg_attribute a ON a.attrelid = s.oid AND a.attname = 'id' AND NOT a.attisdropped
         WHERE n.nspname = $1
        """;

    /// <summary>The schema of the store.</summary>
    public required string SchemaName { get; init; }

    /// <summary>What names a stream.</summary>
    public required StreamIdentity StreamIdentity { get; init; }

    /// <summary>Whether tenants share the streams.</summary>
    public required EventTenancy Tenancy { get; init; }

    /// <summary>How the events lie in the database.</summary>
    public required StoreLayout Layout { get; init; }

    /// <summary>
    /// Whether each tenant has partitions of its own: <c>mt_events</c> is cut by LIST on <c>tenant_id</c>, and each
    /// part by RANGE on <c>timestamp</c>.
    /// </summary>
    public bool IsPartitionedByTenant { get; init; }

    /// <summary>Partitioned and guarded as this library does it, whoever made it: `db apply`, Marten or psql.</summary>
    internal bool IsSetUp { get; init; }

    /// <summary>Reads the shape of the store in this schema.</summary>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    /// <exception cref="UnsupportedStoreException">It is partitioned otherwise, or by tenant but not by this
    /// library.</exception>
    public static async Task<StoreShape> ReadAsync(
        NpgsqlDataSource dataSource, string schemaName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        await using var pinned = await PinnedConnection.ReadAsync(dataSource, cancellationToken);
        var connection = pinned.Connection;
        return await FindAsync(connection, schemaName, cancellationToken)
            ?? throw new StoreNotFoundException(schemaName, connection.Database);
    }

    /// <summary>Reads the shape of the store in this schema; null when there is none.</summary>
    /// <exception cref="UnsupportedStoreException">It is partitioned otherwise, or by tenant but not by this
    /// library.</exception>
    public static async Task<StoreShape?> FindAsync(
        NpgsqlDataSource dataSource, string schemaName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        await using var pinned = await PinnedConnection.ReadAsync(dataSource, cancellationToken);
        var connection = pinned.Connection;
        return await FindAsync(connection, schemaName, cancellationToken);
    }

    internal static async Task<StoreShape?> FindAsync(
        NpgsqlConnection connection, string schemaName, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Query;
        command.Parameters.AddWithValue(schemaName);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;

        var partitioned = reader.GetBoolean(1);
        var key = reader.GetString(2);
        var byTenant = partitioned && key == "LIST (tenant_id)" && reader.GetBoolean(6);
        if (partitioned && !byTenant && key is not ("RANGE (\"timestamp\")" or "RANGE (timestamp)"))
            throw new UnsupportedStoreException(
                schemaName, $"mt_events is partitioned by {key}, not by RANGE (timestamp)");
        if (reader.GetBoolean(3))
            throw new UnsupportedStoreException(schemaName, "mt_streams is partitioned");
        return new StoreShape
        {
            SchemaName = schemaName,
            StreamIdentity = reader.GetString(0) == "uuid" ? StreamIdentity.Guid : StreamIdentity.String,
            Tenancy = TenancyOf(schemaName, reader.GetFieldValue<string[]>(4)),
            Layout = partitioned ? StoreLayout.Partitioned : StoreLayout.Plain,
            IsPartitionedByTenant = byTenant,
            IsSetUp = byTenant || reader.GetBoolean(5),
        };
    }

    private static EventTenancy TenancyOf(string schemaName, string[] streamKey) => streamKey switch
    {
        [] or ["id"] => EventTenancy.Single,
        ["id", "tenant_id"] => EventTenancy.Conjoined,
        _ => throw new UnsupportedStoreException(
            schemaName,
            $"the primary key of mt_streams is on {string.Join(", ", streamKey)}, not on id or on tenant_id and id"),
    };
}
