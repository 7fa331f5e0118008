using JasperFx.Events;
using Marten;

namespace MartenEventing.Tests.Events;

/// <summary>AggregateStream and FetchLatest.</summary>
public sealed class AggregatingTests
{
    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task the_latest_state_is_built_from_all_months(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await StartAsync(parcels);

        await using var session = parcels.Session();
        var parcel = await stream.FetchLatestAsync(session);
        (parcel!.Address, parcel.Scans, parcel.Delivered).ShouldBe(("Here", 2, true));
        (await stream.AggregateAsync(session))!.Scans.ShouldBe(2);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task the_state_at_a_version_is_built(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await StartAsync(parcels);

        await using var session = parcels.Session();
        (await stream.AggregateAsync(session, version: 3))!.Scans.ShouldBe(2);
        (await stream.AggregateAsync(session, version: 3))!.Delivered.ShouldBeFalse();
        (await stream.AggregateAsync(session, version: 2))!.Scans.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Ways.WithClientTime), MemberType = typeof(Ways))]
    public async Task the_state_at_a_time_is_built(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await StartAsync(parcels);

        await using var session = parcels.Session();
        (await stream.AggregateAsync(session, timestamp: Months.Boundary))!.Scans.ShouldBe(1);
        (await stream.AggregateAsync(session, timestamp: Months.Boundary.AddMinutes(1)))!.Delivered.ShouldBeTrue();
        (await stream.AggregateAsync(session, timestamp: Months.Start(-1))).ShouldBeNull();
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_stream_is_fetched_from_a_version_on(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await StartAsync(parcels);

        await using var session = parcels.Session();
        var events = stream.Key is null
            ? await session.Events.FetchStreamAsync(stream.Id, fromVersion: 3)
            : await session.Events.FetchStreamAsync(stream.Key, fromVersion: 3);
        events.Select(e => e.Version).ShouldBe([3, 4]);
    }

    private static Task<ParcelStream> StartAsync(ParcelStore parcels) => parcels.StartAcrossBoundaryAsync(
        [new ParcelRegistered("Here"), new ParcelScanned("A")], [new ParcelScanned("B"), new ParcelDelivered()]);
}
