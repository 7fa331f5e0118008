using Marten;
using MartenEventing.Marten;
using Npgsql;

namespace MartenEventing.Tests;

/// <summary>A database of one test's own, and the Marten stores that look at it.</summary>
public sealed class MartenDatabase : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly List<DocumentStore> _stores = [];

    private MartenDatabase(TestDatabase database) => _database = database;

    public string ConnectionString => _database.ConnectionString;

    public NpgsqlDataSource DataSource => _database.DataSource;

    /// <summary>As a superuser: for what no owner of a database may do.</summary>
    public NpgsqlDataSource Superuser => _database.Superuser;

    public static async Task<MartenDatabase> CreateAsync() => new(await TestDatabase.CreateAsync());

    /// <summary>One with a partitioned store in it.</summary>
    public static Task<MartenDatabase> CreatePartitionedAsync() => CopyAsync(
        nameof(MartenDatabase), first => first.Partitioned().Storage.ApplyAllConfiguredChangesToDatabaseAsync());

    /// <summary>A copy of one that was set up the same way.</summary>
    /// <param name="kind">What tells it from others.</param>
    /// <param name="setUp">Sets the first one up.</param>
    public static async Task<MartenDatabase> CopyAsync(object kind, Func<MartenDatabase, Task> setUp) =>
        new(await StoreTemplates.CopyAsync(kind, async database =>
        {
            var first = new MartenDatabase(database);
            await setUp(first);
            foreach (var store in first._stores)
                await store.DisposeAsync();
        }));

    /// <summary>A store whose events are partitioned by time.</summary>
    public DocumentStore Partitioned(Action<StoreOptions>? configure = null) => Store(options =>
    {
        options.UseTimePartitionedEvents();
        configure?.Invoke(options);
    });

    /// <summary>A store as Marten alone has it.</summary>
    public DocumentStore Plain(Action<StoreOptions>? configure = null) => Store(configure ?? (_ => { }));

    /// <summary>Starts streams of two events each, and returns their ids.</summary>
    public async Task<List<Guid>> AppendAsync(IDocumentStore store, int streams)
    {
        await using var session = store.LightweightSession();
        var ids = Enumerable.Range(0, streams).Select(i =>
            session.Events.StartStream<Parcel>(new ParcelRegistered($"Street {i}"), new ParcelScanned("A")).Id)
                .ToList();
        await session.SaveChangesAsync();
        return ids;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
            await store.DisposeAsync();
        await _database.DisposeAsync();
    }

    private DocumentStore Store(Action<StoreOptions> configure)
    {
        var store = DocumentStore.For(options =>
        {
            options.Connection(ConnectionString);
            options.DisableNpgsqlLogging = true;
            options.Events.AddEventTypes([typeof(ParcelRegistered), typeof(ParcelScanned), typeof(ParcelDelivered)]);
            configure(options);
        });
        lock (_stores)
            _stores.Add(store);
        return store;
    }
}
