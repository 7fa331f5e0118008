using JasperFx.Events;
using JasperFx.MultiTenancy;
using Marten;

namespace MartenEventing.Tests;

/// <summary>A store of parcels that two tenants share, and a stream of the same name in each.</summary>
public sealed class ConjoinedStore : IAsyncDisposable
{
    public const string North = "north";
    public const string South = "south";

    private ConjoinedStore(ParcelStore parcels) => (Parcels, Stream) = (parcels, parcels.NewStream());

    public ParcelStore Parcels { get; }

    /// <summary>Each tenant has one of this identity.</summary>
    public ParcelStream Stream { get; }

    public static async Task<ConjoinedStore> CreateAsync(
        EventAppendMode mode,
        StreamIdentity identity = StreamIdentity.AsGuid,
        Action<StoreOptions>? configure = null,
        bool plain = false) => new(await ParcelStore.CreateAsync(
            mode,
            identity,
            options =>
            {
                options.Policies.AllDocumentsAreMultiTenanted();
                configure?.Invoke(options);
            },
            plain,
            TenancyStyle.Conjoined));

    public IDocumentSession Session(string tenant) => Parcels.Store.LightweightSession(tenant);

    public Task SaveAsync(string tenant, Action<IDocumentSession> write) => Parcels.Store.SaveAsync(write, tenant);

    /// <summary>Two events of the north, one of the south; in this month and in the next.</summary>
    public async Task StartBothAsync()
    {
        Parcels.Clock.Now = Months.Boundary.AddMinutes(-1);
        await SaveAsync(North, session => Stream.Start(session, new ParcelRegistered("Here")));
        Parcels.Clock.Now = Months.Boundary.AddMinutes(1);
        await SaveAsync(South, session => Stream.Start(session, new ParcelRegistered("There")));
        await SaveAsync(North, session => Stream.Append(session, new ParcelScanned("A")));
    }

    public ValueTask DisposeAsync() => Parcels.DisposeAsync();
}
