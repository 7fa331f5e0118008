using JasperFx.Events;
using Marten;
using Npgsql;
using Marten.Exceptions;

namespace MartenEventing.Tests.Events;

/// <summary>Two sessions write one version on both sides of a month boundary, the first of them commits last.</summary>
public sealed class StraddlingRaceTests
{
    [Theory, MemberData(nameof(Ways.WithClientTime), MemberType = typeof(Ways))]
    public async Task one_of_two_appends_wins(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));

        var loser = await RaceAsync(
            parcels,
            session => stream.Append(session, new ParcelScanned("A")),
            session => stream.Append(session, new ParcelScanned("B"), new ParcelDelivered()));

        loser.ShouldBeOfType<EventStreamUnexpectedMaxEventIdException>();
        await using var session = parcels.Session();
        (await stream.FetchAsync(session)).Select(e => e.Data)
            .ShouldBe([new ParcelRegistered("Here"), new ParcelScanned("A")]);
        (await stream.FetchStateAsync(session))!.Version.ShouldBe(2);
    }

    [Theory, MemberData(nameof(Ways.WithClientTime), MemberType = typeof(Ways))]
    public async Task one_of_two_that_expect_the_same_version_wins(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));

        var loser = await RaceAsync(
            parcels,
            session => stream.AppendExpecting(session, 2, new ParcelScanned("A")),
            session => stream.AppendExpecting(session, 2, new ParcelScanned("B")));

        loser.ShouldBeOfType<EventStreamUnexpectedMaxEventIdException>();
        await using var session = parcels.Session();
        (await stream.FetchAsync(session)).Count.ShouldBe(2);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task one_of_two_that_start_a_stream_wins(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = parcels.NewStream();

        var loser = await RaceAsync(
            parcels,
            session => stream.Start(session, new ParcelRegistered("Here")),
            session => stream.Start(session, new ParcelRegistered("There")));

        loser.ShouldBeOfType<ExistingStreamIdCollisionException>();
        await using var session = parcels.Session();
        (await stream.AggregateAsync(session))!.Address.ShouldBe("Here");
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task who_loses_is_told_the_same_as_on_a_plain_table(EventAppendMode mode, StreamIdentity identity)
    {
        var told = new List<string>();
        foreach (var plain in (bool[])[true, false])
        {
            await using var parcels = await ParcelStore.CreateAsync(mode, identity, plain: plain);
            var begun = parcels.NewStream();
            var grown = await parcels.StartAsync(new ParcelRegistered("Here"));
            foreach (var stream in (ParcelStream[])[begun, grown])
            {
                var loser = await RaceAsync(
                    parcels,
                    session => stream.Append(session, new ParcelScanned("A")),
                    session => stream.Append(session, new ParcelScanned("B")));
                told.Add($"{loser!.GetType()} {loser.Message.Replace(stream.Value.ToString()!, "it")}");
            }
        }

        told[2..].ShouldBe(told[..2]);
    }

    [Fact]
    public async Task one_of_two_wins_that_go_by_the_clock_of_the_database()
    {
        await using var parcels = await ParcelStore.CreateAsync(EventAppendMode.Quick);
        parcels.Clock.Now = Months.Middle(1);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));

        // In this mode Marten notes now() at time zone 'utc'; in another zone that may lie in the month before.
        await using var utc = NpgsqlDataSource.Create($"{parcels.ConnectionString};Timezone=UTC");
        await using var first = await HeldSession.OpenAsync(parcels.Store, utc);
        await SplitCurrentMonthNowAsync(parcels);
        stream.Append(first.Session, new ParcelScanned("A"));
        await first.Session.SaveChangesAsync();
        var second = parcels.SaveAsync(session => stream.Append(session, new ParcelScanned("B")));
        await parcels.DataSource.SomebodyWaitsForALockAsync();
        await first.CommitAsync();

        await Should.ThrowAsync<EventStreamUnexpectedMaxEventIdException>(second);
        await parcels.SaveAsync(session => stream.Append(session, new ParcelScanned("C")));
        (await parcels.LeavesAsync())[^2..].ShouldBe([Months.Leaf(0), "mt_events_later"]);
        await using var session = parcels.Session();
        (await stream.FetchAsync(session)).Select(e => e.Version).ShouldBe([1, 2, 3]);
    }

    private static async Task<Exception?> RaceAsync(
        ParcelStore parcels, Action<IDocumentSession> before, Action<IDocumentSession> after)
    {
        await using var first = await HeldSession.OpenAsync(
            parcels.Another(new TestClock(Months.Boundary.AddMinutes(-1))), parcels.DataSource);
        before(first.Session);
        await first.Session.SaveChangesAsync();

        var second = parcels.Another(new TestClock(Months.Boundary.AddMinutes(1))).SaveAsync(after);
        await parcels.DataSource.SomebodyWaitsForALockAsync();
        await first.CommitAsync();
        return await Record.ExceptionAsync(() => second);
    }

    /// <summary>Has a partition end at this moment and another one begin.</summary>
    private static Task SplitCurrentMonthNowAsync(ParcelStore parcels) => parcels.DataSource.ExecuteAsync(
        $"""
         DO $$
         DECLARE
             moment timestamptz := clock_timestamp();
         BEGIN
             ALTER TABLE mt_events DETACH PARTITION {Months.Leaf(0)};
             PERFORM mt_attach_leaf('{Months.Leaf(0)}', '{Months.Start(0):O}', moment),
                     mt_attach_leaf(mt_create_leaf('mt_events_later'), moment, '{Months.Start(1):O}');
         END
         $$
         """);
}
