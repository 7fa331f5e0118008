using JasperFx.Events;

namespace MartenEventing.Tests.Events;

/// <summary>AppendOptimistic, AppendExclusive and FetchForExclusiveWriting.</summary>
public sealed class LockedWritingTests
{
    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task an_optimistic_append_passes_if_nobody_else_writes(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        parcels.Clock.Now = Months.Boundary.AddMinutes(1);
        await using var session = parcels.Session();
        await stream.AppendOptimisticAsync(session, new ParcelScanned("A"));
        await session.SaveChangesAsync();

        (await stream.FetchStateAsync(session))!.Version.ShouldBe(2);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task an_optimistic_append_is_refused_after_another(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        await using var stale = parcels.Session();
        await stream.AppendOptimisticAsync(stale, new ParcelScanned("A"));
        parcels.Clock.Now = Months.Boundary.AddMinutes(1);
        await parcels.SaveAsync(session => stream.Append(session, new ParcelScanned("B")));

        await Should.ThrowAsync<EventStreamUnexpectedMaxEventIdException>(stale.SaveChangesAsync());
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task an_exclusive_append_keeps_others_waiting(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        await using var session = parcels.Session();
        await stream.AppendExclusiveAsync(session, new ParcelScanned("A"));

        await using var another = parcels.Session();
        var waiting = stream.AppendExclusiveAsync(another, new ParcelScanned("B"));
        await parcels.DataSource.SomebodyWaitsForALockAsync();
        waiting.IsCompleted.ShouldBeFalse();

        await session.SaveChangesAsync();
        await waiting;
        await another.SaveChangesAsync();
        (await stream.FetchAsync(session)).Select(e => e.Version).ShouldBe([1, 2, 3]);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task exclusive_writing_sees_what_it_waited_for(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        await using var session = parcels.Session();
        var writing = await stream.FetchForExclusiveWritingAsync(session);
        writing.Append(new ParcelScanned("A"));

        await using var another = parcels.Session();
        var waiting = stream.FetchForExclusiveWritingAsync(another);
        await parcels.DataSource.SomebodyWaitsForALockAsync();
        parcels.Clock.Now = Months.Boundary.AddMinutes(1);
        await session.SaveChangesAsync();

        (await waiting).Append(new ParcelDelivered());
        await another.SaveChangesAsync();
        (await stream.FetchAsync(session)).Select(e => e.Version).ShouldBe([1, 2, 3]);
    }
}
