using JasperFx.Events;
using MartenEventing.Maintenance;
using MartenEventing.Marten.Maintenance;

namespace MartenEventing.Tests.Events;

/// <summary>
/// In Rich mode a failed append leaves tombstones where its sequences would have been. Marten writes them in the
/// background.
/// </summary>
public sealed class TombstoneTests
{
    [Theory, InlineData(StreamIdentity.AsGuid), InlineData(StreamIdentity.AsString)]
    public async Task a_failed_append_leaves_no_gap_in_the_sequence(StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(EventAppendMode.Rich, identity);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        await FailAsync(parcels, stream);
        await FailAsync(parcels, stream);
        parcels.Clock.Now = Months.Boundary.AddMinutes(1);
        await parcels.SaveAsync(session => stream.Append(session, new ParcelDelivered()));

        (await Until.IsAsync(
            () => parcels.DataSource.ColumnAsync<string>("SELECT seq_id || ' ' || type FROM mt_events ORDER BY seq_id"),
            events => events.Count >= 6, "all tombstones are written"))
            .ShouldBe(["1 parcel_registered", "2 tombstone", "3 tombstone", "4 tombstone", "5 tombstone",
                "6 parcel_delivered"]);
        await using var session = parcels.Session();
        (await stream.FetchAsync(session)).Select(e => e.Version).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task tombstones_bear_no_time_and_lie_in_the_head_whatever_is_sealed()
    {
        await using var parcels = await ParcelStore.CreateAsync(EventAppendMode.Rich);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        parcels.Clock.Now = Months.Middle(3);
        await new PartitionMaintenance(parcels.Store, time: parcels.Clock).RunAsync();
        await FailAsync(parcels, stream);

        (await Until.IsAsync(parcels.LeavesAsync, leaves => leaves.Count >= 3, "both tombstones are written")).ShouldBe(
            [Months.Leaf(0), "mt_events_head", "mt_events_head"]);
        (await parcels.DataSource.ScalarAsync<bool>(
            "SELECT bool_and(timestamp = '-infinity') FROM mt_events WHERE type = 'tombstone'")).ShouldBeTrue();
        await parcels.SaveAsync(session => stream.Append(session, new ParcelDelivered()));
    }

    /// <summary>Two scans that are written, and then a statement that fails.</summary>
    private static Task FailAsync(ParcelStore parcels, ParcelStream stream) =>
        Should.ThrowAsync<Exception>(parcels.SaveAsync(session =>
        {
            stream.Append(session, new ParcelScanned("A"), new ParcelScanned("B"));
            session.QueueSqlCommand("SELECT 1 / 0");
        }));
}
