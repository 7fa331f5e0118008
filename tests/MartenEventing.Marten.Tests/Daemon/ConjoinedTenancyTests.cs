using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using static MartenEventing.Tests.ConjoinedStore;

namespace MartenEventing.Tests.Daemon;

public sealed class ConjoinedTenancyTests
{
    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task each_tenant_is_projected_for_itself(EventAppendMode mode, StreamIdentity identity)
    {
        var recorder = new SequenceRecorder();
        await using var store = await CreateAsync(mode, identity, options =>
        {
            options.SnapshotParcels(SnapshotLifecycle.Async);
            options.Events.Subscribe(recorder);
        });
        await store.StartBothAsync();
        using var daemon = await store.Parcels.Store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleData(TimeSpan.FromMinutes(1));

        (await LoadAsync(North)).ShouldBe(("Here", 1));
        (await LoadAsync(South)).ShouldBe(("There", 0));
        recorder.Sequences.ShouldBe([1, 2, 3]);

        async Task<(string Address, int Scans)> LoadAsync(string tenant)
        {
            await using var session = store.Session(tenant);
            IParcel? parcel = store.Stream.Key is null
                ? await session.LoadAsync<Parcel>(store.Stream.Id)
                : await session.LoadAsync<NamedParcel>(store.Stream.Key);
            return (parcel!.Address, parcel.Scans);
        }
    }
}
