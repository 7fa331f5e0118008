using MartenEventing.Cli.Demo.Scenes;
using MartenEventing.Events;
using MartenEventing.Partitioning;
using Npgsql;

namespace MartenEventing.Cli.Demo.Figures;

/// <summary>What is measured in the demo.</summary>
internal static class Comparisons
{
    private const int Streams = 100;

    /// <summary>One month's events of its most common type; Marten's table has no index on time.</summary>
    public static async Task<Ratio> WindowAsync(Scenery scenery, Partition month, int rounds)
    {
        object[] window = [month.From!.Value, month.To!.Value, await CommonestTypeAsync(scenery, month)];
        Task FindIn(string schema) => scenery.DataSource.RowsAsync(
            $"""
             SELECT seq_id, data FROM {schema}.mt_events
              WHERE timestamp >= $1 AND timestamp < $2 AND type = $3 ORDER BY seq_id
             """,
            reader => reader.GetInt64(0), scenery.Cancellation, window);
        return await Interleaved.MeasureAsync(rounds, _ => FindIn(PlainTwin.Schema), _ => FindIn(Scenery.Schema));
    }

    /// <summary>The same hundred streams, one after the other, on one connection that has read them before.</summary>
    public static async Task<Ratio> StreamAsync(Scenery scenery, int rounds)
    {
        var streams = await SomeStreamsAsync(scenery);
        var one = new NpgsqlConnectionStringBuilder(scenery.ConnectionString) { MaxPoolSize = 1 };
        await using var source = NpgsqlDataSource.Create(one);
        var plain = new PostgresEventStore(source, new EventStoreOptions { SchemaName = PlainTwin.Schema });
        var partitioned = new PostgresEventStore(source, new EventStoreOptions { SchemaName = Scenery.Schema });
        async Task ReadFrom(PostgresEventStore store)
        {
            foreach (var stream in streams)
                await store.LoadStreamAsync(stream, cancellationToken: scenery.Cancellation);
        }

        await Interleaved.MeasureAsync(rounds, _ => ReadFrom(plain), _ => ReadFrom(partitioned));
        return await Interleaved.MeasureAsync(rounds, _ => ReadFrom(plain), _ => ReadFrom(partitioned));
    }

    /// <summary>The same streams by the statement that Marten sends, which carries no time.</summary>
    public static async Task<Ratio> MartenStreamAsync(Scenery scenery, int rounds)
    {
        var streams = await SomeStreamsAsync(scenery);
        async Task ReadFrom(string schema)
        {
            foreach (var stream in streams)
                await scenery.DataSource.RowsAsync(
                    $"""
                     select data, type, mt_dotnet_type, bdata, seq_id, id, stream_id, version, timestamp, tenant_id,
                            correlation_id, causation_id, headers, user_name, is_archived
                       from {schema}.mt_events as d WHERE (d.is_archived = FALSE and d.stream_id = $1) ORDER BY d.seq_id
                     """,
                    reader => reader.GetInt64(4), scenery.Cancellation, stream);
        }

        return await Interleaved.MeasureAsync(rounds, _ => ReadFrom(PlainTwin.Schema), _ => ReadFrom(Scenery.Schema));
    }

    /// <summary>Bytes of a B-tree on the plain table's time, and of the BRIN indexes of all partitions.</summary>
    public static async Task<(long Btree, long Brin)> TimeIndexAsync(Scenery scenery)
    {
        await scenery.DataSource.ExecuteAsync(
            $"CREATE INDEX demo_timestamp ON {PlainTwin.Schema}.mt_events (timestamp)", scenery.Cancellation);
        var btree = await scenery.DataSource.ScalarAsync<long>(
            $"SELECT pg_relation_size('{PlainTwin.Schema}.demo_timestamp')", scenery.Cancellation);
        await scenery.DataSource.ExecuteAsync($"DROP INDEX {PlainTwin.Schema}.demo_timestamp", scenery.Cancellation);
        var brin = await scenery.DataSource.ScalarAsync<long>(
            """
            SELECT sum(pg_relation_size(relid))::bigint FROM pg_partition_tree('mt_events_timestamp_brin') WHERE isleaf
            """,
            scenery.Cancellation);
        return (btree, brin);
    }

    /// <summary>Time taken and log written by removing the months, one a round.</summary>
    public static async Task<(Ratio Time, Ratio Wal)> RemoveAsync(Scenery scenery, IReadOnlyList<Partition> months)
    {
        var written = new Dictionary<string, List<long>> { [PlainTwin.Schema] = [], [SomeMonths.Schema] = [] };
        async Task Remove(string schema, string sql, params object[] parameters)
        {
            var before = await LogPositionAsync(scenery);
            await scenery.DataSource.ExecuteAsync(sql, scenery.Cancellation, parameters);
            written[schema].Add(await LogPositionAsync(scenery) - before);
        }

        var time = await Interleaved.MeasureAsync(
            months.Count,
            round => Remove(
                PlainTwin.Schema,
                $"DELETE FROM {PlainTwin.Schema}.mt_events WHERE timestamp >= $1 AND timestamp < $2",
                months[round].From!.Value, months[round].To!.Value),
            round => Remove(
                SomeMonths.Schema,
                $"ALTER TABLE {SomeMonths.Schema}.mt_events DETACH PARTITION {SomeMonths.Schema}.{months[round].Name}; "
                + $"DROP TABLE {SomeMonths.Schema}.{months[round].Name}"));
        return (time, Ratio.Of([
            .. written[PlainTwin.Schema].Zip(written[SomeMonths.Schema], (plain, dropped) => (double)plain / dropped),
        ]));
    }

    private static Task<List<Guid>> SomeStreamsAsync(Scenery scenery) => scenery.DataSource.RowsAsync(
        $"SELECT id FROM mt_streams ORDER BY md5(id::text) LIMIT {Streams}", reader => reader.GetGuid(0),
        scenery.Cancellation);

    private static Task<long> LogPositionAsync(Scenery scenery) => scenery.DataSource.ScalarAsync<long>(
        "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint", scenery.Cancellation);

    private static Task<string> CommonestTypeAsync(Scenery scenery, Partition month) =>
        scenery.DataSource.ScalarAsync<string>(
            $"SELECT mode() WITHIN GROUP (ORDER BY type) FROM {month.Name}", scenery.Cancellation);
}
