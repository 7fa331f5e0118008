using JasperFx.Events;

namespace MartenEventing.Tests.Events;

public sealed class FetchForWritingTests
{
    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_stream_that_spans_months_is_fetched_and_written(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAcrossBoundaryAsync(
            [new ParcelRegistered("Here"), new ParcelScanned("A")], [new ParcelScanned("B")]);

        await using var session = parcels.Session();
        var writing = await stream.FetchForWritingAsync(session);
        (writing.Version, writing.Parcel!.Scans, writing.Parcel.Address).ShouldBe((3, 2, "Here"));
        writing.Append(new ParcelDelivered());
        await session.SaveChangesAsync();

        (await stream.FetchLatestAsync(session))!.Delivered.ShouldBeTrue();
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_stream_that_was_written_since_is_refused(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        await using var stale = parcels.Session();
        var writing = await stream.FetchForWritingAsync(stale);

        parcels.Clock.Now = Months.Boundary.AddMinutes(1);
        await parcels.SaveAsync(session => stream.Append(session, new ParcelScanned("A")));
        writing.Append(new ParcelDelivered());

        await Should.ThrowAsync<EventStreamUnexpectedMaxEventIdException>(stale.SaveChangesAsync());
        await using var session = parcels.Session();
        (await stream.FetchLatestAsync(session))!.Delivered.ShouldBeFalse();
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_version_that_is_not_the_current_one_is_refused(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));

        await using var session = parcels.Session();
        await Should.ThrowAsync<JasperFx.ConcurrencyException>(stream.FetchForWritingAsync(session, 1));
        (await stream.FetchForWritingAsync(session, 2)).Parcel!.Scans.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_stream_that_is_not_there_is_begun(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = parcels.NewStream();
        await using var session = parcels.Session();
        var writing = await stream.FetchForWritingAsync(session);
        writing.Parcel.ShouldBeNull();
        writing.Append(new ParcelRegistered("Here"));
        await session.SaveChangesAsync();

        (await stream.FetchStateAsync(session))!.Version.ShouldBe(1);
    }
}
