using MartenEventing.TestSupport.Postgres;
using Npgsql;

namespace MartenEventing.TestSupport.Partitioning;

/// <summary>Events of no meaning, at times of the test's choice.</summary>
public static class SampleEvents
{
    /// <summary>The start of the current UTC month, moved by months: where partitions of a new store begin.</summary>
    public static DateTimeOffset Month(int offset)
    {
        var now = DateTime.UtcNow;
        return new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(offset);
    }

    /// <summary>The name of the partition of that month.</summary>
    public static string MonthName(int offset) => $"mt_events_m{Month(offset):yyyyMM}";

    /// <summary>Appends events of one time to a stream, made if need be. Returns the last one's sequence.</summary>
    public static async Task<long> AppendAsync(
        this NpgsqlDataSource source, Guid stream, DateTimeOffset at, int count = 1, string schema = "public",
        string tenant = "*DEFAULT*")
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"INSERT INTO \"{schema}\".mt_streams (id, version, tenant_id) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING")
        {
            Parameters = { new NpgsqlParameter { Value = stream }, new NpgsqlParameter { Value = tenant } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"""
             WITH appended AS (
                 INSERT INTO "{schema}".mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
                 SELECT nextval('"{schema}".mt_events_sequence'), gen_random_uuid(), $1, s.version + i, jsonb '1',
                        'scanned', $2, $4
                   FROM "{schema}".mt_streams s, generate_series(1, $3) i WHERE s.id = $1 AND s.tenant_id = $4
                 RETURNING seq_id)
             SELECT max(seq_id) FROM appended
             """)
        {
            Parameters =
            {
                new NpgsqlParameter { Value = stream },
                new NpgsqlParameter { Value = at.ToUniversalTime() },
                new NpgsqlParameter { Value = count },
                new NpgsqlParameter { Value = tenant },
            },
        });
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.ReadAsync();
        return reader.GetInt64(0);
    }

    /// <summary>Appends to a new stream.</summary>
    public static Task<long> AppendAsync(this StoreDatabase store, DateTimeOffset at, int count = 1) =>
        store.DataSource.AppendAsync(Guid.NewGuid(), at, count, store.Schema);

    /// <summary>Events to new streams of ten, one every so often; past the guard, which is not the subject.</summary>
    public static async Task FillAsync(this StoreDatabase store, DateTimeOffset from, TimeSpan every, int count)
    {
        await using var connection = await store.Superuser.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var past = new NpgsqlCommand(Past("DISABLE"), connection);
        await past.ExecuteNonQueryAsync();
        await using var fill = new NpgsqlCommand(
            """
            WITH filled AS (
                INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
                SELECT nextval('mt_events_sequence'), gen_random_uuid(), md5(t.o || '/' || i / 10)::uuid, i % 10 + 1,
                       jsonb '1', 'scanned', $1 + i * $2
                  FROM (SELECT nextval('mt_events_sequence') AS o) t, generate_series(0, $3 - 1) i
                RETURNING stream_id, version, timestamp)
            INSERT INTO mt_streams (id, version, created, timestamp)
            SELECT stream_id, max(version), min(timestamp), max(timestamp) FROM filled GROUP BY stream_id
            """,
            connection)
        {
            Parameters =
            {
                new NpgsqlParameter { Value = from },
                new NpgsqlParameter { Value = every },
                new NpgsqlParameter { Value = count },
            },
        };
        await fill.ExecuteNonQueryAsync();
        await using var back = new NpgsqlCommand(Past("ENABLE"), connection);
        await back.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    /// <summary>A plain store has no guard.</summary>
    private static string Past(string what) =>
        $"""
         DO $$ BEGIN IF EXISTS (SELECT FROM pg_trigger WHERE tgname = 'mt_guard_event'
             AND tgrelid = 'mt_events'::regclass) THEN
             ALTER TABLE mt_events {what} TRIGGER mt_guard_event;
             ALTER TABLE mt_streams {what} TRIGGER mt_guard_stream_insert;
         END IF; END $$
         """;

    /// <summary>All partitions as "name seal", in the order of time.</summary>
    public static Task<List<string>> LayoutAsync(this StoreDatabase store) =>
        store.ColumnAsync<string>($"SELECT name || ' ' || seal FROM \"{store.Schema}\".mt_partitions()");

    /// <summary>The partition that an event lies in.</summary>
    public static Task<string> PartitionOfAsync(this StoreDatabase store, long sequence) => store.ScalarAsync<string>(
        $"SELECT tableoid::regclass::text FROM \"{store.Schema}\".mt_events WHERE seq_id = $1", sequence);
}
