using JasperFx;
using JasperFx.Events;
using JasperFx.MultiTenancy;
using Marten;
using Npgsql;

namespace MartenEventing.Tests;

/// <summary>A database of one test's own with a partitioned store of parcels, written in one of the ways.</summary>
public sealed class ParcelStore : IAsyncDisposable
{
    private readonly MartenDatabase _database;
    private readonly EventAppendMode _mode;
    private readonly StreamIdentity _identity;
    private readonly Action<StoreOptions>? _configure;
    private readonly bool _plain;
    private readonly TenancyStyle _tenancy;

    private ParcelStore(
        MartenDatabase database,
        EventAppendMode mode,
        StreamIdentity identity,
        Action<StoreOptions>? configure,
        bool plain,
        TenancyStyle tenancy)
    {
        (_database, _mode, _identity, _configure, _plain, _tenancy) =
            (database, mode, identity, configure, plain, tenancy);
        Store = Another(Clock);
    }

    /// <summary>The clock of <see cref="Store"/>; begins just before the month's end.</summary>
    public TestClock Clock { get; } = new(Months.Boundary.AddMinutes(-1));

    public DocumentStore Store { get; }

    public NpgsqlDataSource DataSource => _database.DataSource;

    public string ConnectionString => _database.ConnectionString;

    public static async Task<ParcelStore> CreateAsync(
        EventAppendMode mode = EventAppendMode.QuickWithServerTimestamps,
        StreamIdentity identity = StreamIdentity.AsGuid,
        Action<StoreOptions>? configure = null,
        bool plain = false,
        TenancyStyle tenancy = TenancyStyle.Single)
    {
        var database = await MartenDatabase.CopyAsync(
            (nameof(ParcelStore), mode, identity, plain, tenancy),
            first => new ParcelStore(first, mode, identity, configure: null, plain, tenancy).ApplyAsync());
        var store = new ParcelStore(database, mode, identity, configure ?? AsItIs, plain, tenancy);
        if (configure is not null)
            await store.ApplyAsync();
        return store;
    }

    /// <summary>A further store on the database, set up alike, with a clock of its own.</summary>
    public DocumentStore Another(TimeProvider clock)
    {
        return _plain ? _database.Plain(Configure) : _database.Partitioned(Configure);

        void Configure(StoreOptions options)
        {
            // In this mode Marten notes now() at time zone 'utc', which is the time only in sessions whose zone is UTC.
            if (_mode == EventAppendMode.Quick)
                options.Connection($"{ConnectionString};Timezone=UTC");
            options.Events.AppendMode = _mode;
            options.Events.StreamIdentity = _identity;
            options.Events.TenancyStyle = _tenancy;
            options.Events.TimeProvider = clock;
            _configure?.Invoke(options);
        }
    }

    public ParcelStream NewStream() => ParcelStream.New(_identity);

    public IDocumentSession Session() => Store.LightweightSession();

    /// <summary>Starts a stream and saves it.</summary>
    public async Task<ParcelStream> StartAsync(params object[] events)
    {
        var stream = NewStream();
        await SaveAsync(session => stream.Start(session, events));
        return stream;
    }

    /// <summary>Writes by a session of its own.</summary>
    public Task SaveAsync(Action<IDocumentSession> write) => Store.SaveAsync(write);

    /// <summary>Starts a stream in the current month and goes on with it in the next.</summary>
    public async Task<ParcelStream> StartAcrossBoundaryAsync(object[] before, object[] after)
    {
        Clock.Now = Months.Boundary.AddMinutes(-1);
        var stream = await StartAsync(before);
        Clock.Now = Months.Boundary.AddMinutes(1);
        await SaveAsync(session => stream.Append(session, after));
        return stream;
    }

    /// <summary>The partition of each event, in the order of sequences.</summary>
    public Task<List<string>> LeavesAsync() => DataSource.ColumnAsync<string>(
        "SELECT tableoid::regclass::text FROM mt_events ORDER BY seq_id");

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    /// <summary>The copy has all there is to be, and Marten need not compare.</summary>
    private static void AsItIs(StoreOptions options) => options.AutoCreateSchemaObjects = AutoCreate.None;

    private Task ApplyAsync() => Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
}
