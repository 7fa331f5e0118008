using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using Npgsql;

namespace MartenEventing.TestSupport.Postgres;

/// <summary>A database of one test's own that holds an event store.</summary>
public sealed class StoreDatabase : IAsyncDisposable
{
    private readonly TestDatabase _database;

    private StoreDatabase(TestDatabase database, SchemaOptions options)
    {
        _database = database;
        Options = options;
    }

    public SchemaOptions Options { get; }

    public string Schema => Options.SchemaName;

    public string ConnectionString => _database.ConnectionString;

    public NpgsqlDataSource DataSource => _database.DataSource;

    /// <summary>As a superuser: for what no owner of a database may do.</summary>
    public NpgsqlDataSource Superuser => _database.Superuser;

    public static Task<StoreDatabase> CreateAsync(
        StreamIdentity identity = StreamIdentity.Guid,
        StoreLayout layout = StoreLayout.Partitioned,
        PartitionPeriod period = PartitionPeriod.Month,
        string schema = "public",
        EventTenancy tenancy = EventTenancy.Single) =>
        CreateAsync(new SchemaOptions
        {
            SchemaName = schema, StreamIdentity = identity, Tenancy = tenancy, Layout = layout, Period = period,
        });

    public static async Task<StoreDatabase> CreateAsync(SchemaOptions options) =>
        new(await StoreTemplates.CopyAsync(options), options);

    /// <summary>One that has partitions of past months too, from the current month moved by so many on.</summary>
    public static Task<StoreDatabase> OfMonthsAsync(
        int since, EventTenancy tenancy = EventTenancy.Single, StreamIdentity identity = StreamIdentity.Guid) =>
        OfMonthsAsync(since, new SchemaOptions { StreamIdentity = identity, Tenancy = tenancy });

    private static async Task<StoreDatabase> OfMonthsAsync(int since, SchemaOptions options) =>
        new(await StoreTemplates.CopyAsync((options, since), async database =>
        {
            await new SchemaMigrator(database.DataSource, options).ApplyAsync();
            await database.DataSource.ExecuteAsync(
                "SELECT mt_provision_history('month', $1)", SampleEvents.Month(since));
        }), options);

    /// <summary>Runs statements; parameters are $1, $2 ...</summary>
    public Task<int> ExecuteAsync(string sql, params object[] parameters) => DataSource.ExecuteAsync(sql, parameters);

    /// <summary>The first column of the first row.</summary>
    public Task<T> ScalarAsync<T>(string sql, params object[] parameters) => DataSource.ScalarAsync<T>(sql, parameters);

    /// <summary>The first column of all rows.</summary>
    public Task<List<T>> ColumnAsync<T>(string sql, params object[] parameters) =>
        DataSource.ColumnAsync<T>(sql, parameters);

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
