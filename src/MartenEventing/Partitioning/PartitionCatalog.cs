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
        p.first_seq, p.last_seq, p.generation
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

    /// <summary>The partitions, in the order of time; none in a plain store.</summary>
    public async Task<IReadOnlyList<Partition>> ListAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellationToken);
        return await ListAsync(connection, _schemaName, cancellationToken);
    }

    /// <summary>The partitions with their sizes, in the order of time.</summary>
    public async Task<IReadOnlyList<PartitionSize>> ListSizesAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            $"""
             SELECT {Columns}, nullif(c.reltuples, -1)::bigint, pg_table_size(c.oid), pg_indexes_size(c.oid)
               FROM {SqlText.Quote(_schemaName)}.mt_partitions() p JOIN pg_catalog.pg_class c ON c.oid = p.leaf
             """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var sizes = new List<PartitionSize>();
        while (await reader.ReadAsync(cancellationToken))
        {
            sizes.Add(new PartitionSize(
                Read(reader), NullableLong(reader, 10), reader.GetInt64(11), reader.GetInt64(12)));
        }

        return sizes;
    }

    /// <summary>What a plan is made from.</summary>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    /// <exception cref="StoreNotPartitionedException">The store is plain.</exception>
    /// <exception cref="UnsupportedStoreException">The store is partitioned otherwise.</exception>
    public async Task<PartitionLayout> ReadLayoutAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = await _dataSource.OpenConnectionAsync(cancellationToken);
        return await ReadLayoutAsync(connection, cancellationToken);
    }

    internal async Task<PartitionLayout> ReadLayoutAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var shape = await StoreShape.FindAsync(connection, _schemaName, cancellationToken)
            ?? throw new StoreNotFoundException(_schemaName, connection.Database);
        if (shape.Layout == StoreLayout.Plain)
            throw new StoreNotPartitionedException(_schemaName);

        return new PartitionLayout
        {
            SchemaName = _schemaName,
            Partitions = await ListAsync(connection, _schemaName, cancellationToken),
            LastAnalyzed = await LastAnalyzedAsync(connection, cancellationToken),
            ServerVersion = connection.PostgreSqlVersion.Major,
        };
    }

    internal static async Task<IReadOnlyList<Partition>> ListAsync(
        NpgsqlConnection connection, string schemaName, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT {Columns} FROM {SqlText.Quote(schemaName)}.mt_partitions() p", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var partitions = new List<Partition>();
        while (await reader.ReadAsync(cancellationToken))
            partitions.Add(Read(reader));
        return partitions;
    }

    private async Task<DateTimeOffset?> LastAnalyzedAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT pg_stat_get_last_analyze_time({SqlText.Quote(_schemaName)}.mt_events_table())", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime at ? at : null;
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
        };
    }

    private static DateTimeOffset? Instant(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    private static long? NullableLong(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetInt64(column);
}
