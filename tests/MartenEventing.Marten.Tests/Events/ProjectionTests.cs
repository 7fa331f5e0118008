using JasperFx.Events;
using JasperFx.Events.Projections;

namespace MartenEventing.Tests.Events;

/// <summary>Live and inline projections; the async ones are the daemon's.</summary>
public sealed class ProjectionTests
{
    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task an_inline_snapshot_is_saved_with_the_events(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(
            mode, identity, options => options.SnapshotParcels(SnapshotLifecycle.Inline));
        var stream = await parcels.StartAcrossBoundaryAsync(
            [new ParcelRegistered("Here"), new ParcelScanned("A")], [new ParcelScanned("B")]);

        await using var session = parcels.Session();
        var parcel = await LoadAsync();
        (parcel.Address, parcel.Scans).ShouldBe(("Here", 2));
        var writing = await stream.FetchForWritingAsync(session);
        writing.Append(new ParcelDelivered());
        await session.SaveChangesAsync();
        (await LoadAsync()).Delivered.ShouldBeTrue();

        async Task<IParcel> LoadAsync()
        {
            await using var reader = parcels.Session();
            return stream.Key is null
                ? (await reader.LoadAsync<Parcel>(stream.Id))!
                : (await reader.LoadAsync<NamedParcel>(stream.Key))!;
        }
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_conflict_leaves_an_inline_snapshot_as_it_was(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(
            mode, identity, options => options.SnapshotParcels(SnapshotLifecycle.Inline));
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        await using var stale = parcels.Session();
        var writing = await stream.FetchForWritingAsync(stale);
        await parcels.SaveAsync(session => stream.Append(session, new ParcelScanned("A")));
        parcels.Clock.Now = Months.Boundary.AddMinutes(1);
        writing.Append(new ParcelDelivered());
        await Should.ThrowAsync<JasperFx.ConcurrencyException>(stale.SaveChangesAsync());

        await using var session = parcels.Session();
        var parcel = (await stream.FetchLatestAsync(session))!;
        (parcel.Scans, parcel.Delivered).ShouldBe((1, false));
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task an_inline_projection_counts_over_streams(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity, options =>
            options.Projections.Add(new DepotScansProjection(), ProjectionLifecycle.Inline));
        await parcels.StartAcrossBoundaryAsync([new ParcelScanned("A")], [new ParcelScanned("A")]);
        await parcels.StartAsync(new ParcelScanned("A"), new ParcelScanned("B"));

        await using var session = parcels.Session();
        (await session.LoadAsync<DepotScans>("A"))!.Scans.ShouldBe(3);
        (await session.LoadAsync<DepotScans>("B"))!.Scans.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_live_projection_is_built_from_all_months(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity, options => options.LiveParcels());
        var stream = await parcels.StartAcrossBoundaryAsync(
            [new ParcelRegistered("Here"), new ParcelScanned("A")], [new ParcelScanned("B")]);

        await using var session = parcels.Session();
        (await stream.FetchLatestAsync(session))!.Scans.ShouldBe(2);
        (await stream.FetchForWritingAsync(session)).Parcel!.Scans.ShouldBe(2);
    }
}
