using MartenEventing.Conversion;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Schema;
using MartenEventing.Tests.Schema;

namespace MartenEventing.Tests.Conversion;

/// <summary>A plain store with events, to be converted.</summary>
internal sealed class PlainStore(StoreDatabase database) : IAsyncDisposable
{
    public StoreDatabase Database => database;

    public static readonly ConversionOptions Options = new()
    {
        LockBackOff = TimeSpan.FromMilliseconds(5), BatchShare = 1,
    };

    public static readonly ConversionOptions Shadow = Options with { Way = ConversionWay.Shadow };

    /// <summary>Streams of ten events, one every so often up to now; if told so, without statistics of them.</summary>
    public static async Task<PlainStore> CreateAsync(
        int events = 2_000,
        EventTenancy tenancy = EventTenancy.Single,
        StreamIdentity identity = StreamIdentity.Guid,
        string schema = "public",
        int days = 100,
        bool statistics = true)
    {
        var store = new PlainStore(await StoreDatabase.CreateAsync(
            identity, StoreLayout.Plain, tenancy: tenancy, schema: schema));
        var id = identity == StreamIdentity.Guid ? "md5(i::text)::uuid" : "'stream ' || i";
        await store.Database.ExecuteAsync(
            $"""
             SET search_path = "{schema}";
             ALTER TABLE mt_events SET (autovacuum_enabled = {statistics});
             INSERT INTO mt_streams (id, version, created, timestamp)
             SELECT {id}, 10, now() - i * interval '{days} days' / {events / 10}, now()
               FROM generate_series(1, {events / 10}) i;
             INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
             SELECT nextval('mt_events_sequence'), gen_random_uuid(), id, v, jsonb_build_object('v', v), 'scanned',
                    created + (v - 1) * interval '1 second'
               FROM mt_streams, generate_series(1, 10) v ORDER BY created, v;
             {(statistics ? "ALTER TABLE mt_events RESET (autovacuum_enabled); ANALYZE mt_events, mt_streams" : "")};
             """);
        return store;
    }

    public StoreConversion Conversion(
        ConversionOptions? options = null, Func<string, StepMoment, Task>? observer = null) =>
        new(database.DataSource, database.Schema, options ?? Options) { Observer = observer };

    /// <summary>A hash over all columns of all events, whatever their order and place.</summary>
    public Task<string> HashAsync() => database.ScalarAsync<string>(
        $"SELECT md5(string_agg(e::text, ',' ORDER BY e.seq_id)) FROM \"{database.Schema}\".mt_events e");

    /// <summary>The same, for a store that may have no events.</summary>
    public Task<string> HashOrNoneAsync() => database.ScalarAsync<string>(
        $"SELECT coalesce(md5(string_agg(e::text, ',' ORDER BY e.seq_id)), 'none') FROM " +
        $"\"{database.Schema}\".mt_events e");

    public Task<long> CountAsync() =>
        database.ScalarAsync<long>($"SELECT count(*) FROM \"{database.Schema}\".mt_events");

    public Task<List<string>> CatalogsAsync() => Catalogs.DescribeAsync(database.DataSource, database.Schema);

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
