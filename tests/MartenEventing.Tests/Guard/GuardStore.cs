using MartenEventing.Schema;
using MartenEventing.Tests.Postgres;
using Npgsql;

namespace MartenEventing.Tests.Guard;

/// <summary>A store written to by plain SQL, as Marten and others write it.</summary>
internal sealed class GuardStore : IAsyncDisposable
{
    public static readonly DateTime October = new(2026, 10, 31, 23, 59, 0, DateTimeKind.Utc);
    public static readonly DateTime November = new(2026, 11, 1, 0, 1, 0, DateTimeKind.Utc);
    public static readonly DateTime December = new(2026, 12, 5, 0, 0, 0, DateTimeKind.Utc);

    private readonly TestDatabase _database;

    private GuardStore(TestDatabase database) => _database = database;

    public NpgsqlDataSource DataSource => _database.DataSource;

    /// <summary>With months from October 2026 to February 2027 when partitioned.</summary>
    public static async Task<GuardStore> CreateAsync(
        StoreLayout layout = StoreLayout.Partitioned, StreamIdentity identity = StreamIdentity.Guid)
    {
        var store = new GuardStore(await TestDatabase.CreateAsync());
        var options = new SchemaOptions { Layout = StoreLayout.Plain, StreamIdentity = identity };
        await new SchemaMigrator(store.DataSource, options).ApplyAsync();
        if (layout == StoreLayout.Partitioned)
        {
            await new SchemaMigrator(store.DataSource, options with { Layout = layout }).ApplyAsync();
            await store.ExecuteAsync("SELECT mt_provision_history('month', '2026-10-01 00:00:00+00')");
        }

        await store.ExecuteAsync(await File.ReadAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, "Guard", "append_event_by_event.sql")));
        return store;
    }

    public async Task<Guid> StartStreamAsync(long version = 0)
    {
        var stream = Guid.CreateVersion7();
        await ExecuteAsync("INSERT INTO mt_streams (id, version) VALUES ($1, $2)", stream, version);
        return stream;
    }

    /// <summary>One call as Marten's Quick mode makes it.</summary>
    public Task AppendEventByEventAsync(Guid stream, params DateTime[] times) =>
        ExecuteAsync("SELECT append_event_by_event($1, $2::timestamptz[])", stream, times);

    public async Task ExecuteAsync(string sql, params object[] arguments)
    {
        await using var connection = await DataSource.OpenConnectionAsync();
        await connection.RunAsync(sql, arguments);
    }

    public async Task<T> ScalarAsync<T>(string sql, params object[] arguments)
    {
        await using var connection = await DataSource.OpenConnectionAsync();
        return (T)(await connection.RunAsync(sql, arguments))!;
    }

    /// <summary>Asserts that a stream's versions are exactly 1 to n, and that mt_streams tells n.</summary>
    public async Task VersionsShouldBeGaplessAsync()
    {
        var broken = await ScalarAsync<string[]>(
            """
            SELECT coalesce(array_agg(format('%s: told %s, %s events, %s distinct, highest %s',
                                             s.id, s.version, e.n, e.d, e.m)), '{}')
              FROM mt_streams s LEFT JOIN (SELECT stream_id, count(*) n, count(DISTINCT version) d, max(version) m
                                             FROM mt_events GROUP BY stream_id) e ON e.stream_id = s.id
             WHERE (e.n, e.d, e.m) IS DISTINCT FROM (s.version, s.version, s.version) AND (s.version > 0 OR e.n > 0)
            """);
        broken.ShouldBeEmpty();
        await LivesShouldHoldAllEventsAsync();
    }

    /// <summary>Asserts what bounded reads rely on: no event lies outside the span its stream tells of.</summary>
    public async Task LivesShouldHoldAllEventsAsync()
    {
        var strays = await ScalarAsync<string[]>(
            """
            SELECT coalesce(array_agg(format('%s %s: %s not in [%s, %s]',
                                             e.stream_id, e.version, e.timestamp, s.created, s.timestamp)), '{}')
              FROM mt_events e
              JOIN mt_streams s ON s.id = e.stream_id
              LEFT JOIN mt_stream_bounds b ON b.stream_id = s.id
             WHERE e.timestamp NOT BETWEEN least(s.created - interval '10 minutes', b.earliest)
                                       AND greatest(s.timestamp + interval '10 minutes', b.latest)
            """);
        strays.ShouldBeEmpty();
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
