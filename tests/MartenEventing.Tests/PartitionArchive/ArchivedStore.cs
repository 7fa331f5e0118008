using MartenEventing.PartitionArchive;
using MartenEventing.Schema;
using MartenEventing.Tests.Postgres;
using static MartenEventing.Tests.Partitioning.SampleEvents;

namespace MartenEventing.Tests.PartitionArchive;

/// <summary>A store with a month of the past, and a storage for its archives.</summary>
internal sealed class ArchivedStore : IAsyncDisposable
{
    /// <summary>So small that some hundred events make many files of many chunks.</summary>
    public static readonly ArchiveOptions Small = new() { ChunkBytes = 2_000, FileBytes = 2_500 };

    private ArchivedStore(StoreDatabase store, IArchiveStorage storage)
    {
        Store = store;
        Storage = storage;
        Archives = new PartitionArchives(storage);
    }

    public StoreDatabase Store { get; }

    public IArchiveStorage Storage { get; }

    public PartitionArchives Archives { get; }

    /// <summary>The partition of the past.</summary>
    public static string Month { get; } = MonthName(-3);

    public static DateTimeOffset MonthStart { get; } = Month(-3);

    public static async Task<ArchivedStore> CreateAsync(
        StreamIdentity identity = StreamIdentity.Guid, EventTenancy tenancy = EventTenancy.Single)
    {
        var store = new ArchivedStore(
            await StoreDatabase.CreateAsync(identity, tenancy: tenancy), await TestStorage.CreateAsync());
        await store.Store.ExecuteAsync("SELECT mt_provision_history('month', $1)", Month(-4));
        return store;
    }

    /// <summary>As many streams of ten events, an event every 20 minutes from the month's start on.</summary>
    public async Task<ArchivedStore> FilledAsync(int streams)
    {
        await Store.FillAsync(MonthStart, TimeSpan.FromMinutes(20), 10 * streams);
        return this;
    }

    public Task<ArchiveManifest> WriteAsync(ArchiveOptions? options = null) => Writer(options).CreateAsync(
        new ArchiveSelection { Partition = Month });

    public PartitionArchiveWriter Writer(ArchiveOptions? options = null) =>
        new(Store.DataSource, Store.Schema, Storage, options ?? Small);

    public static string KeyOf(ArchiveManifest manifest, string file) => $"{manifest.Name}/{file}";

    public async ValueTask DisposeAsync()
    {
        await TestStorage.RemoveAsync(Storage);
        await Store.DisposeAsync();
    }
}
