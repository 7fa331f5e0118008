using MartenEventing.Politeness;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Partitioning;

/// <summary>Reads the partitions of a store from the catalogs; they are stored nowhere else.</summary>
public sealed class PartitionCatalog
{
    private const string Columns =
        """
        p.leaf, p.name, p.kind, CASE WHEN isfinite(p.lower_bound) THEN p.lower_bound END,
        CASE WHEN isfinite(p.upper_bound) THEN p.upper_bound END, p.detach_pending, p.seal,
        p.first_seq, p.last_seq, p.generation, p.tenant
        """;

    private readonly NpgsqlDataSource _dataSource;
    private readonly string _schemaName;

    /// <summary>Prepares; nothing is read yet.</summary>
    public PartitionCatalog(NpgsqlDataSource dataSource, string schemaName)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentException.ThrowIfNullOrEmpty(schemaName);
        _dataSource = dataSource;
        _schemaName = schemaName;
    }

    /// <summary>
    /// The partitions, in the order of time, and tenant by tenant where each has its own; none in a plain store.
    /// </summary>
    public async Task<IReadOnlyList<Partition>> ListAsync(CancellationToken cancellationToken = default)
    {
        await using var pinned = await PinnedConnection.ReadAsync(_dataSource, cancellationToken);
        var connection = pinned.Connection;
        return await ListAsync(connection, _schemaName, cancellationToken);
    }

    /// <summary>
    /// The partitions with their sizes, in the order of time, and tenant by tenant where each has its own.
    /// </summary>
    public Task<IReadOnlyList<PartitionSize>> ListSizesAsync(CancellationToken cancellationToken = default) =>
        ListSizesAsync(tenant: null, cancellationToken);

    /// <summary>The partitions of one tenant with their sizes, in the order of time; with null, those of all.</summary>
    public async Task<IReadOnlyList<PartitionSize>> ListSizesAsync(
        string? tenant, CancellationToken cancellationToken = default)
    {
        await using var pinned = await PinnedConnection.ReadAsync(_dataSource, cancellationToken);
        var connection = pinned.Connection;
        await using var command = new NpgsqlCommand(
            $"""
             SELECT {Columns}, nullif(c.reltuples, -1)::bigint, pg_table_size(c.oid), pg_indexes_size(c.oid)
               FROM {(tenant is null ? All(_schemaName) : OfTenant(_schemaName))} p
               JOIN pg_catalog.pg_class c ON c.oid = p.leaf
             """,
            connection) { CommandTimeout = 0 };
        if (tenant is not null)
            command.Parameters.Add(new NpgsqlParameter { Value = tenant });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var sizes = new List<PartitionSize>();
        while (await reader.ReadAsync(cancellationToken))
        {
            sizes.Add(new PartitionSize(
                Read(reader), NullableLong(reader, 11), reader.GetInt64(12), reader.GetInt64(13)));
        }

        return sizes;
    }

    /// <summary>
    /// What plans are made from: one layout, or one of each tenant where each has partitions of its own.
    /// </summary>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    /// <exception cref="StoreNotPartitionedException">The store is plain.</exception>
    /// <exception cref="UnsupportedStoreException">The store is partitioned otherwise.</exception>
    public async Task<IReadOnlyList<PartitionLayout>> ReadLayoutsAsync(CancellationToken cancellationToken = default)
    {
        await using var pinned = await PinnedConnection.ReadAsync(_dataSource, cancellationToken);
        var connection = pinned.Connection;
        return await ReadLayoutsAsync(connection, cancellationToken);
    }

    internal async Task<IReadOnlyList<PartitionLayout>> ReadLayoutsAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var shape = await StoreShape.FindAsync(connection, _schemaName, cancellationToken)
            ?? throw new StoreNotFoundException(_schemaName, connection.Database);
        if (shape.Layout == StoreLayout.Plain)
            throw new StoreNotPartitionedException(_schemaName);

        var partitions = (await ListAsync(connection, _schemaName, cancellationToken)).ToLookup(p => p.Tenant);
        var layouts = new List<PartitionLayout>();
        foreach (var table in await TablesAsync(connection, shape, cancellationToken))
            layouts.Add(new PartitionLayout
            {
                SchemaName = _schemaName,
                Tenant = table.Tenant,
                Table = table.Table,
                Partitions = [.. partitions[table.Tenant]],
                LastAnalyzed = table.Analyzed,
                ServerVersion = connection.PostgreSqlVersion.Major,
                LockSpace = await LockSpace.FindAsync(connection, _schemaName, table.Table, cancellationToken),
            });
        return layouts;
    }

    /// <summary>
    /// What one statement over all partitions takes of the server's locks; null in a plain store, or where functions
    /// are not up to date.
    /// </summary>
    public async Task<LockSpace?> ReadLockSpaceAsync(CancellationToken cancellationToken = default)
    {
        await using var pinned = await PinnedConnection.BeginAsync(_dataSource, cancellationToken);
        return await LockSpace.FindAsync(pinned.Connection, _schemaName, "mt_events", cancellationToken);
    }

    internal static async Task<IReadOnlyList<Partition>> ListAsync(
        NpgsqlConnection connection, string schemaName, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT {Columns} FROM {All(schemaName)} p", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var partitions = new List<Partition>();
        while (await reader.ReadAsync(cancellationToken))
            partitions.Add(Read(reader));
        return partitions;
    }

    /// <summary>Tenant, table and time of the last ANALYZE of what is cut by time.</summary>
    private async Task<List<(string? Tenant, string Table, DateTimeOffset? Analyzed)>> TablesAsync(
        NpgsqlConnection connection, StoreShape shape, CancellationToken cancellationToken)
    {
        var tables = shape.IsPartitionedByTenant
            ? $"{SqlText.Quote(_schemaName)}.mt_tenants() t"
            : $"(SELECT NULL::text, {SqlText.Quote(_schemaName)}.mt_events_table()) t (tenant, part)";
        await using var command = new NpgsqlCommand(
            $"""
             SELECT t.tenant, c.relname::text, pg_stat_get_last_analyze_time(c.oid)
               FROM {tables} JOIN pg_catalog.pg_class c ON c.oid = t.part ORDER BY 1
             """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var read = new List<(string?, string, DateTimeOffset?)>();
        while (await reader.ReadAsync(cancellationToken))
            read.Add((reader.IsDBNull(0) ? null : reader.GetString(0), reader.GetString(1), Instant(reader, 2)));
        return read;
    }

    private static string All(string schemaName) => $"{SqlText.Quote(schemaName)}.mt_all_partitions()";

    private static string OfTenant(string schemaName)
    {
        var schema = SqlText.Quote(schemaName);
        return $"(SELECT $1::text AS tenant, o.* FROM {schema}.mt_partitions_of({schema}.mt_tenant_table($1)) o)";
    }

    private static Partition Read(NpgsqlDataReader reader)
    {
        var kind = reader.GetString(2);
        PartitionPeriod? period = Enum.TryParse(kind, ignoreCase: true, out PartitionPeriod parsed) ? parsed : null;
        return new Partition
        {
            Oid = reader.GetFieldValue<uint>(0),
            Name = reader.GetString(1),
            Kind = period is null ? Enum.Parse<PartitionKind>(kind, ignoreCase: true) : PartitionKind.Period,
            Period = period,
            From = Instant(reader, 3),
            To = Instant(reader, 4),
            DetachPending = reader.GetBoolean(5),
            Seal = Enum.Parse<PartitionSeal>(reader.GetString(6), ignoreCase: true),
            FirstSequence = NullableLong(reader, 7),
            LastSequence = NullableLong(reader, 8),
            Generation = reader.GetString(9),
            Tenant = reader.IsDBNull(10) ? null : reader.GetString(10),
        };
    }

    private static DateTimeOffset? Instant(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    private static long? NullableLong(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetInt64(column);
}
