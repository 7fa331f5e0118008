using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Tests.Guard;

/// <summary>
/// A store written to by plain SQL, as Marten and others write it. In a conjoined one each stream has a twin: the same
/// id in another tenant, with three events that must stay as they are.
/// </summary>
internal sealed class GuardStore : IAsyncDisposable
{
    public static readonly DateTime October = new(2026, 10, 31, 23, 59, 0, DateTimeKind.Utc);
    public static readonly DateTime November = new(2026, 11, 1, 0, 1, 0, DateTimeKind.Utc);
    public static readonly DateTime December = new(2026, 12, 5, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>A tenant that is named to be mistaken for something else.</summary>
    public const string Other = "2:a'=<!\u00e9b";

    private readonly TestDatabase _database;

    private GuardStore(TestDatabase database, EventTenancy tenancy)
    {
        _database = database;
        Tenancy = tenancy;
    }

    public EventTenancy Tenancy { get; }

    /// <summary>What Marten calls the key from events to streams.</summary>
    public string ForeignKey =>
        Tenancy == EventTenancy.Single ? "fkey_mt_events_stream_id" : "fkey_mt_events_stream_id_tenant_id";

    public NpgsqlDataSource DataSource => _database.DataSource;

    public TestDatabase Database => _database;

    /// <summary>With months from October 2026 to February 2027 when partitioned.</summary>
    public static async Task<GuardStore> CreateAsync(
        StoreLayout layout = StoreLayout.Partitioned,
        StreamIdentity identity = StreamIdentity.Guid,
        EventTenancy tenancy = EventTenancy.Single) =>
        new(await StoreTemplates.CopyAsync(
                (nameof(GuardStore), layout, identity, tenancy),
                database => SetUpAsync(database.DataSource, layout, identity, tenancy)),
            tenancy);

    public async Task<Guid> StartStreamAsync(long version = 0)
    {
        var stream = Guid.CreateVersion7();
        await ExecuteAsync("INSERT INTO mt_streams (id, version) VALUES ($1, $2)", stream, version);
        if (Tenancy == EventTenancy.Conjoined)
            await ExecuteAsync(
                "SELECT append_event_by_event($1, $2::timestamptz[], 0, $3)",
                stream, new[] { October, November, December }, Other);
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

    /// <summary>What the guard calls a stream of the default tenant in its notes.</summary>
    public string NameOf(Guid stream) => Tenancy == EventTenancy.Single ? $"{stream}" : $"9:*DEFAULT*{stream}";

    /// <summary>Asserts that a stream's versions are exactly 1 to n, and that mt_streams tells n.</summary>
    public async Task VersionsShouldBeGaplessAsync()
    {
        var broken = await ScalarAsync<string[]>(
            """
            SELECT coalesce(array_agg(format('%s %s: told %s, %s events, %s distinct, highest %s',
                                             s.tenant_id, s.id, s.version, e.n, e.d, e.m)), '{}')
              FROM mt_streams s
              LEFT JOIN (SELECT tenant_id, stream_id, count(*) n, count(DISTINCT version) d, max(version) m
                           FROM mt_events GROUP BY tenant_id, stream_id) e
                   ON e.stream_id = s.id AND e.tenant_id = s.tenant_id
             WHERE (e.n, e.d, e.m) IS DISTINCT FROM (s.version, s.version, s.version) AND (s.version > 0 OR e.n > 0)
            """);
        broken.ShouldBeEmpty();
        if (Tenancy == EventTenancy.Conjoined)
            (await ScalarAsync<long>(
                "SELECT coalesce(min(version), 3) FROM mt_streams WHERE tenant_id = $1", Other))
                .ShouldBeGreaterThanOrEqualTo(3);
        await LivesShouldHoldAllEventsAsync();
    }

    /// <summary>Asserts what bounded reads rely on: no event lies outside the span its stream tells of.</summary>
    public async Task LivesShouldHoldAllEventsAsync()
    {
        var ofTenant = Tenancy == EventTenancy.Single ? "true" : "s.tenant_id = e.tenant_id";
        var sameTenant = Tenancy == EventTenancy.Single ? "true" : "b.tenant_id = s.tenant_id";
        var strays = await ScalarAsync<string[]>(
            $$"""
            SELECT coalesce(array_agg(format('%s %s: %s not in [%s, %s]',
                                             e.stream_id, e.version, e.timestamp, s.created, s.timestamp)), '{}')
              FROM mt_events e
              JOIN mt_streams s ON s.id = e.stream_id AND {{ofTenant}}
              LEFT JOIN mt_stream_bounds b ON b.stream_id = s.id AND {{sameTenant}}
             WHERE e.timestamp NOT BETWEEN least(s.created - interval '10 minutes', b.earliest)
                                       AND greatest(s.timestamp + interval '10 minutes', b.latest)
            """);
        strays.ShouldBeEmpty();
    }

    /// <summary>From its second row on, each statement is checked as a whole, not from its fiftieth.</summary>
    public async Task TakeAllStatementsForManyRowsAsync()
    {
        await ExecuteAsync(
            """
            DO $do$ BEGIN
                EXECUTE replace(pg_get_functiondef('mt_guard_note'::regproc), '(pg_catalog.<) 50', '(pg_catalog.<) 1');
                EXECUTE replace(pg_get_functiondef('mt_guard_statement'::regproc), '(pg_catalog.<) 50',
                                '(pg_catalog.<) 1');
            END $do$
            """);
        (await ScalarAsync<long>("SELECT count(*) FROM pg_proc WHERE prosrc LIKE '%(pg_catalog.<) 1 %'")).ShouldBe(2);
    }

    /// <summary>Writes rows of a table given (stream, version, time) in one statement.</summary>
    public static string InsertGiven(string order, string which = "true", string later = "0") =>
        "INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp) SELECT " +
        $"nextval('mt_events_sequence'), gen_random_uuid(), stream, version, '{{}}', 't', time + interval '{later}' " +
        $"FROM (SELECT * FROM given WHERE {which} ORDER BY {order}) g";

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static async Task SetUpAsync(
        NpgsqlDataSource source, StoreLayout layout, StreamIdentity identity, EventTenancy tenancy)
    {
        var options = new SchemaOptions { Layout = StoreLayout.Plain, StreamIdentity = identity, Tenancy = tenancy };
        await new SchemaMigrator(source, options).ApplyAsync();
        if (layout == StoreLayout.Partitioned)
        {
            await new SchemaMigrator(source, options with { Layout = layout }).ApplyAsync();
            await source.ExecuteAsync("SELECT mt_provision_history('month', '2026-10-01 00:00:00+00')");
        }

        await source.ExecuteAsync(await File.ReadAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, "Guard", "append_event_by_event.sql")));
    }
}
