using MartenEventing.PartitionArchive;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.TestSupport.Postgres;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.TestSupport.PartitionArchive;

/// <summary>A store with a month of the past, and a storage for its archives.</summary>
public sealed class ArchivedStore : IAsyncDisposable
{
    /// <summary>So small that some hundred events make many files of many chunks.</summary>
    public static readonly ArchiveOptions Small = new() { ChunkBytes = 2_000, FileBytes = 2_500 };

    private readonly Func<IArchiveStorage, Task> _remove;

    private ArchivedStore(StoreDatabase store, IArchiveStorage storage, Func<IArchiveStorage, Task> remove)
    {
        _remove = remove;
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

    public static async Task<ArchivedStore> CreateAsync<TPlace>(
        StreamIdentity identity = StreamIdentity.Guid, EventTenancy tenancy = EventTenancy.Single)
        where TPlace : IStoragePlace =>
        new(await StoreDatabase.OfMonthsAsync(-4, tenancy, identity),
            await TPlace.CreateAsync(), TPlace.RemoveAsync);

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
        await _remove(Storage);
        await Store.DisposeAsync();
    }
}
