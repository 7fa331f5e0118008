using JasperFx.Events;
using Marten.Exceptions;

namespace MartenEventing.Tests.Events;

public sealed class ArchivingTests
{
    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task all_events_of_an_archived_stream_are_archived(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Here")], [new ParcelDelivered()]);
        var other = await parcels.StartAsync(new ParcelRegistered("There"));
        var leaves = await parcels.LeavesAsync();
        await parcels.SaveAsync(stream.Archive);

        await using var session = parcels.Session();
        (await stream.FetchStateAsync(session))!.IsArchived.ShouldBeTrue();
        (await stream.FetchAsync(session)).ShouldBeEmpty();
        (await other.FetchAsync(session)).ShouldHaveSingleItem();
        (await parcels.LeavesAsync()).ShouldBe(leaves);
        (await parcels.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE is_archived")).ShouldBe(2);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task an_archived_stream_takes_no_more_events(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        await parcels.SaveAsync(stream.Archive);

        await Should.ThrowAsync<InvalidStreamOperationException>(
            parcels.SaveAsync(session => stream.Append(session, new ParcelDelivered())));
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_stream_brought_back_by_hand_goes_on(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Here")], [new ParcelScanned("A")]);
        await parcels.SaveAsync(stream.Archive);
        await parcels.DataSource.ExecuteAsync(
            "WITH s AS (UPDATE mt_streams SET is_archived = false) UPDATE mt_events SET is_archived = false");
        await parcels.SaveAsync(session => stream.Append(session, new ParcelDelivered()));

        await using var session = parcels.Session();
        (await stream.FetchLatestAsync(session))!.Version.ShouldBe(3);
    }
}
