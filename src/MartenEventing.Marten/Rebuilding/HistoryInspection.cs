using JasperFx.Events.Aggregation;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using JasperFx.MultiTenancy;
using Marten;
using Marten.Events.Projections;
using Marten.Storage;
using MartenEventing.Marten.Modeling;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Marten.Rebuilding;

/// <summary>
/// Looks in one database for what a rebuild would miss. What lies before the floor of a projection, its rebuild would
/// not read; what lies before the lowest floor, none would.
/// </summary>
internal sealed class HistoryInspection(
    IDocumentStore store,
    IMartenDatabase database,
    IReadOnlyList<IProjectionSource<IDocumentOperations, IQuerySession>> sources)
{
    private const int Examples = 100;

    private readonly string _schema = SqlText.Quote(StoreConfiguration.SchemaNameOf(store.Options));
    private readonly bool _conjoined = store.Options.Events.TenancyStyle == TenancyStyle.Conjoined;

    public async Task<TruncatedHistory> ReadAsync(CancellationToken cancellationToken)
    {
        var opened = database.CreateConnection();
        await opened.OpenAsync(cancellationToken);
        await using var pinned = await PinnedConnection.ReadAsync(opened, cancellationToken);
        var connection = pinned.Connection;
        if (!await ExistsAsync(connection, "mt_events", cancellationToken))
            return new TruncatedHistory { Database = database.Id.Identity };

        var lost = new List<LostDocuments>();
        var floors = new List<long>();
        foreach (var source in sources)
        {
            var begins = await RebuildFloor.ReadAsync(source, database, cancellationToken);
            floors.Add(begins);
            foreach (var member in MembersOf(source))
                if (await FindLostDocumentsAsync(connection, member, begins, cancellationToken) is { Count: > 0 } found)
                    lost.Add(found);
        }

        var floor = floors.DefaultIfEmpty(0).Min();
        var (streams, streamCount) = await FindIncompleteStreamsAsync(connection, floor, cancellationToken);
        return new TruncatedHistory
        {
            Database = database.Id.Identity,
            Floor = floor,
            RemovedPartitions = await ReadRemovedPartitionsAsync(connection, floor, cancellationToken),
            IncompleteStreams = streams,
            IncompleteStreamCount = streamCount,
            LostDocuments = lost,
        };
    }

    /// <summary>The documents of a composite projection are those of its members.</summary>
    private static IEnumerable<IProjectionSource<IDocumentOperations, IQuerySession>> MembersOf(
        IProjectionSource<IDocumentOperations, IQuerySession> source) =>
        source is CompositeProjection composite ? composite.AllProjections() : [source];

    private async Task<IReadOnlyList<RemovedPartition>> ReadRemovedPartitionsAsync(
        NpgsqlConnection connection, long floor, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(connection, "mt_removed_partitions", cancellationToken))
            return [];
        return await ListAsync(
            connection,
            $"""
             SELECT name, lower_bound, upper_bound, events, streams FROM {_schema}.mt_removed_partitions
              WHERE events > 0 AND (last_seq > $1) IS NOT FALSE ORDER BY lower_bound, removed
             """,
            row => new RemovedPartition(
                row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2),
                row.GetInt64(3), row.GetInt64(4)),
            cancellationToken, floor);
    }

    /// <summary>
    /// A compacted stream begins with the event that stands for those before it: it is complete. What went with a
    /// partition below the floor, in which the stream may have begun, is not missed either.
    /// </summary>
    private async Task<(IReadOnlyList<IncompleteStream> Streams, long Count)> FindIncompleteStreamsAsync(
        NpgsqlConnection connection, long floor, CancellationToken cancellationToken)
    {
        var count = 0L;
        var explained = floor > 0 && await ExistsAsync(connection, "mt_removed_partitions", cancellationToken)
            ? $"""
               EXISTS (SELECT FROM {_schema}.mt_removed_partitions r
                         JOIN {_schema}.mt_streams s ON s.created < r.upper_bound
                        WHERE r.events > 0 AND r.last_seq <= $1 AND s.id = e.stream_id
                          {(_conjoined ? "AND s.tenant_id = e.tenant_id" : "")})
               """
            : "false";
        var key = _conjoined ? "tenant_id, stream_id" : "stream_id";
        var streams = await ListAsync(
            connection,
            $"""
             SELECT e.tenant_id, e.stream_id::text, e.version, count(*) OVER ()
               FROM (SELECT {key}, min(version) AS version FROM {_schema}.mt_events
                      GROUP BY {key} HAVING min(version) > 1) AS f
               JOIN {_schema}.mt_events e USING ({key}, version)
              WHERE coalesce(e.mt_dotnet_type, '') NOT LIKE 'JasperFx.Events.Compacted`1%'
                AND e.seq_id - 1 > $1 AND NOT {explained}
              ORDER BY e.seq_id LIMIT {Examples}
             """,
            row =>
            {
                count = row.GetInt64(3);
                return new IncompleteStream(row.GetString(0), row.GetString(1), row.GetInt64(2));
            },
            cancellationToken, floor);
        return (streams, count);
    }

    /// <summary>Only an aggregate of one stream bears that stream's id.</summary>
    private async Task<LostDocuments?> FindLostDocumentsAsync(
        NpgsqlConnection connection,
        IProjectionSource<IDocumentOperations, IQuerySession> source,
        long floor,
        CancellationToken cancellationToken)
    {
        if (source is not IAggregateProjection { Scope: AggregationScope.SingleStream } projection)
            return null;
        var document = store.Options.FindOrResolveDocumentType(projection.AggregateType);
        var table = document.TableName;
        if (!await ExistsAsync(connection, table.Name, cancellationToken, table.Schema))
            return null;

        var count = 0L;
        var sameTenant = _conjoined && document.TenancyStyle == TenancyStyle.Conjoined
            ? "AND s.tenant_id = d.tenant_id"
            : "";
        var unread = floor > 0
            ? $"""
               OR NOT EXISTS (SELECT FROM {_schema}.mt_events s
                               WHERE s.stream_id::text = d.id::text AND s.seq_id > {floor} {sameTenant})
               """
            : "";
        var examples = await ListAsync(
            connection,
            $"""
             SELECT d.id::text, count(*) OVER () FROM {SqlText.Quote(table.Schema)}.{SqlText.Quote(table.Name)} d
              WHERE NOT EXISTS (SELECT FROM {_schema}.mt_streams s WHERE s.id::text = d.id::text {sameTenant}) {unread}
              ORDER BY d.id LIMIT {Examples}
             """,
            row =>
            {
                count = row.GetInt64(1);
                return row.GetString(0);
            },
            cancellationToken);
        return new LostDocuments(source.Name, projection.AggregateType, count, examples) { Floor = floor };
    }

    private async Task<bool> ExistsAsync(
        NpgsqlConnection connection, string table, CancellationToken cancellationToken, string? schema = null)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT to_regclass($1) IS NOT NULL";
        command.Parameters.AddWithValue($"{(schema is null ? _schema : SqlText.Quote(schema))}.{SqlText.Quote(table)}");
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<IReadOnlyList<T>> ListAsync<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken,
        params object[] parameters)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }
}
