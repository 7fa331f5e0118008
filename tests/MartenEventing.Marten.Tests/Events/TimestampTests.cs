using JasperFx.Events;
using Marten;

namespace MartenEventing.Tests.Events;

public sealed class TimestampTests
{
    [Theory, MemberData(nameof(Ways.WithClientTime), MemberType = typeof(Ways))]
    public async Task an_event_lies_in_the_month_of_its_timestamp(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Here")], [new ParcelScanned("A")]);

        (await parcels.LeavesAsync()).ShouldBe([Months.Leaf(0), Months.Leaf(1)]);
        await using var session = parcels.Session();
        (await stream.FetchAsync(session)).Select(e => e.Timestamp)
            .ShouldBe([Months.Boundary.AddMinutes(-1), Months.Boundary.AddMinutes(1)]);
    }

    [Theory, MemberData(nameof(Ways.WithClientTime), MemberType = typeof(Ways))]
    public async Task a_timestamp_given_with_the_event_counts(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        await parcels.SaveAsync(session => stream.Append(session, At(session, -20), At(session, 2), At(session, 70)));

        (await parcels.LeavesAsync())[1..].ShouldBe(["mt_events_head", Months.Leaf(2), "mt_events_tail"]);
        await using var session = parcels.Session();
        (await stream.FetchAsync(session)).Skip(1).Select(e => e.Timestamp)
            .ShouldBe([Months.Middle(-20), Months.Middle(2), Months.Middle(70)]);
    }

    [Fact]
    public async Task in_quick_mode_the_database_tells_the_time_of_an_append()
    {
        await using var parcels = await ParcelStore.CreateAsync(EventAppendMode.Quick);
        parcels.Clock.Now = Months.Middle(2);
        await parcels.SaveAsync(session => parcels.NewStream().Append(session, new ParcelRegistered("Here")));

        (await parcels.DataSource.ScalarAsync<bool>(
            "SELECT timestamp BETWEEN now() - interval '1 minute' AND now() FROM mt_events")).ShouldBeTrue();
    }

    [Fact]
    public async Task in_quick_mode_the_application_tells_the_time_of_a_start()
    {
        await using var parcels = await ParcelStore.CreateAsync(EventAppendMode.Quick);
        parcels.Clock.Now = Months.Middle(2);
        await parcels.StartAsync(new ParcelRegistered("Here"));

        (await parcels.LeavesAsync()).ShouldBe([Months.Leaf(2)]);
    }

    private static IEvent At(IDocumentSession session, int month)
    {
        var scanned = session.Events.BuildEvent(new ParcelScanned("A"));
        scanned.Timestamp = Months.Middle(month);
        return scanned;
    }
}
