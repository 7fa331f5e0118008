using JasperFx.Events;
using Marten.Exceptions;

namespace MartenEventing.Tests.Events;

public sealed class AppendingTests
{
    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_stream_is_read_back_as_it_was_written(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));
        await parcels.SaveAsync(session => stream.Append(session, new ParcelScanned("B"), new ParcelDelivered()));

        await using var session = parcels.Session();
        var events = await stream.FetchAsync(session);
        events.Select(e => e.Data).ShouldBe(
            [new ParcelRegistered("Here"), new ParcelScanned("A"), new ParcelScanned("B"), new ParcelDelivered()]);
        events.Select(e => e.Version).ShouldBe([1, 2, 3, 4]);
        (await stream.FetchStateAsync(session))!.Version.ShouldBe(4);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task several_appends_to_one_stream_may_be_saved_at_once(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var first = parcels.NewStream();
        var second = await parcels.StartAsync(new ParcelRegistered("There"));
        await parcels.SaveAsync(session =>
        {
            first.Append(session, new ParcelRegistered("Here"));
            second.Append(session, new ParcelScanned("A"));
            first.Append(session, new ParcelScanned("B"), new ParcelScanned("C"));
        });

        await using var session = parcels.Session();
        (await first.FetchAsync(session)).Select(e => e.Version).ShouldBe([1, 2, 3]);
        (await second.FetchAsync(session)).Select(e => e.Version).ShouldBe([1, 2]);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_stream_starts_only_once(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        parcels.Clock.Now = Months.Boundary.AddMinutes(1);

        await Should.ThrowAsync<ExistingStreamIdCollisionException>(
            parcels.SaveAsync(session => stream.Start(session, new ParcelRegistered("There"))));
        await using var session = parcels.Session();
        (await stream.FetchAsync(session)).ShouldHaveSingleItem();
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task an_append_that_expects_the_right_version_passes(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));

        // Marten's expected version is the one after this append.
        await parcels.SaveAsync(session => stream.AppendExpecting(session, 3, new ParcelScanned("B")));
        await using var session = parcels.Session();
        (await stream.FetchStateAsync(session))!.Version.ShouldBe(3);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task an_append_that_expects_a_stale_version_is_refused(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));
        parcels.Clock.Now = Months.Boundary.AddMinutes(1);

        await Should.ThrowAsync<EventStreamUnexpectedMaxEventIdException>(
            parcels.SaveAsync(session => stream.AppendExpecting(session, 2, new ParcelScanned("B"))));
        await using var session = parcels.Session();
        (await stream.FetchAsync(session)).Count.ShouldBe(2);
    }
}
