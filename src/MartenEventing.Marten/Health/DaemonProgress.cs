using Marten;
using Marten.Events.Projections;
using Marten.Storage;
using MartenEventing.Marten.Modeling;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using Npgsql;
using Weasel.Postgresql;

namespace MartenEventing.Marten.Health;

/// <summary>
/// Compares the progress of the async daemon with the partitions that retention may want to drop: none goes before
/// every projection and subscription has come past it.
/// </summary>
public sealed class DaemonProgress
{
    private readonly IDocumentStore _store;

    /// <summary>Prepares; nothing is read yet.</summary>
    public DaemonProgress(IDocumentStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
    }

    /// <summary>
    /// For each database that has a partitioned event store: the oldest partition that ends by then and is not passed,
    /// or, when all are, the youngest.
    /// </summary>
    /// <param name="floor">The retention floor: partitions that lie wholly before it may go.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<IReadOnlyList<PartitionProgress>> ReadAsync(
        DateTimeOffset floor, CancellationToken cancellationToken = default)
    {
        var progress = new List<PartitionProgress>();
        foreach (var database in await _store.Storage.AllDatabases())
        {
            var dataSource = ((PostgresqlDatabase)database).DataSource;
            var shape = await StoreShape.FindAsync(
                dataSource, StoreConfiguration.SchemaNameOf(_store.Options), cancellationToken);
            if (shape is { Layout: StoreLayout.Partitioned })
                progress.Add(await ReadAsync(database, dataSource, shape.SchemaName, floor, cancellationToken));
        }

        return progress;
    }

    private async Task<PartitionProgress> ReadAsync(
        IMartenDatabase database,
        NpgsqlDataSource dataSource,
        string schemaName,
        DateTimeOffset floor,
        CancellationToken cancellationToken)
    {
        var due = (await new PartitionCatalog(dataSource, schemaName).ListAsync(cancellationToken))
            .Where(partition => partition.From is not null && partition.To <= floor);
        await using var pinned = await PinnedConnection.ReadAsync(dataSource, cancellationToken);
        var connection = pinned.Connection;
        var reached = await ReadReachedAsync(connection, schemaName, cancellationToken);
        var progress = new PartitionProgress(database.Id.Identity, null, null, 0, []);
        foreach (var partition in due)
        {
            var last = await ReadLastAsync(connection, schemaName, partition, cancellationToken);
            progress = progress with
            {
                Partition = partition.Name, To = partition.To, LastSequence = last, Lagging = Compare(reached, last),
            };
            if (!progress.IsPassed)
                break;
        }

        return progress;
    }

    /// <summary>Asks mt_events: an application has no right on its partitions.</summary>
    private static async Task<long> ReadLastAsync(
        NpgsqlConnection connection, string schemaName, Partition partition, CancellationToken cancellationToken)
    {
        var ofTenant = partition.Tenant is { } tenant ? $" AND e.tenant_id = {SqlText.Literal(tenant)}" : "";
        await using var command = new NpgsqlCommand(
            $"""
             SELECT coalesce(max(e.seq_id), 0) FROM {SqlText.Quote(schemaName)}.mt_events e
              WHERE e.timestamp >= {SqlText.Literal(partition.From!.Value)}
                AND e.timestamp < {SqlText.Literal(partition.To!.Value)}{ofTenant}
             """, connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<Dictionary<string, long>> ReadReachedAsync(
        NpgsqlConnection connection, string schemaName, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT projection, reached FROM {SqlText.Quote(schemaName)}.mt_projection_progress()", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var reached = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
            reached[reader.GetString(0)] = reader.GetInt64(1);
        return reached;
    }

    /// <summary>A shard without progress has come to the floor of its projection, if it has one.</summary>
    private List<ShardLag> Compare(Dictionary<string, long> reached, long last)
    {
        var projections = ((StoreOptions)_store.Options).Projections;
        var shards = projections.AllShards().Select(shard => shard.Name)
            .DistinctBy(shard => shard.Identity).ToList();
        var registered = shards.ToDictionary(
            shard => shard.Identity,
            shard => reached.TryGetValue(shard.Identity, out var own) ? own : reached.GetValueOrDefault(shard.Name),
            StringComparer.Ordinal);
        var floors = shards.Select(shard => shard.Name).Except(registered.Keys);
        var members = projections.All.OfType<CompositeProjection>().SelectMany(composite => composite.AllProjections())
            .SelectMany(member => member.Shards()).Select(shard => shard.Name.Identity);
        var known = registered.Keys.Union(members).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. registered.Keys.Union(reached.Keys.Except(floors)).Order(StringComparer.Ordinal)
                .Select(name => (Name: name, Sequence: registered.TryGetValue(name, out var own) ? own : reached[name]))
                .Where(shard => shard.Sequence < last)
                .Select(shard => new ShardLag(
                    shard.Name, shard.Sequence, last - shard.Sequence, known.Contains(shard.Name))),
        ];
    }
}
