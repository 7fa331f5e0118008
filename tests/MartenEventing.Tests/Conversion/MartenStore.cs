using MartenEventing.Conversion;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Schema;

namespace MartenEventing.Tests.Conversion;

/// <summary>A plain store as Marten alone makes it: with nothing of this library in it.</summary>
internal sealed class MartenStore : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly SchemaOptions _options;

    private MartenStore(TestDatabase database, SchemaOptions options)
    {
        _database = database;
        _options = options;
    }

    public static async Task<MartenStore> CreateAsync(SchemaOptions options) =>
        new(await StoreTemplates.CopyAsync((nameof(MartenStore), options), first => MakeAsync(first, options)),
            options);

    public StoreConversion Conversion(
        Func<string, StepMoment, Task>? observer = null, ConversionWay way = ConversionWay.Attach) =>
        new(_database.DataSource, _options.SchemaName, PlainStore.Options with { Way = way }) { Observer = observer };

    public Task<string[]> DumpAsync() => SchemaDump.ReadAsync(_database.ConnectionString);

    public string ConnectionString => _database.ConnectionString;

    public Npgsql.NpgsqlDataSource Superuser => _database.Superuser;

    public Task ExecuteAsync(string sql) => _database.DataSource.ExecuteAsync(sql);

    public Task<T> ScalarAsync<T>(string sql) => _database.DataSource.ScalarAsync<T>(sql);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static async Task MakeAsync(TestDatabase database, SchemaOptions options)
    {
        var schema = SqlText.Quote(options.SchemaName);
        await database.DataSource.ExecuteAsync(
            $"CREATE SCHEMA IF NOT EXISTS {schema}; {SqlFiles.Load("V001__event_store.sql", options)}");
        await database.DataSource.ExecuteAsync(
            $"""
             SET search_path = {schema};
             INSERT INTO mt_streams (id, version)
             SELECT md5(i::text){(options.StreamIdentity == StreamIdentity.Guid ? "::uuid" : "")}, 5
               FROM generate_series(1, 20) i;
             INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
             SELECT nextval('mt_events_sequence'), gen_random_uuid(), id, v, '1', 'scanned',
                    now() - v * interval '15 days'
               FROM mt_streams, generate_series(1, 5) v;
             """);
    }
}
