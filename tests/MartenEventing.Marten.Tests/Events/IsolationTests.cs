using System.Data;
using JasperFx.Events;
using Marten;
using Marten.Exceptions;

namespace MartenEventing.Tests.Events;

/// <summary>
/// Serializable sessions that lose a race across a month boundary. PostgreSQL calls the conflict a serialization
/// failure then, in whatever mode, and what Marten makes of that is what it makes of it on a plain table in Rich mode:
/// older versions try again by themselves, newer ones throw.
/// </summary>
public sealed class IsolationTests
{
    [Theory, MemberData(nameof(Ways.WithClientTime), MemberType = typeof(Ways))]
    public async Task one_of_two_that_expect_the_same_version_wins(EventAppendMode mode, StreamIdentity identity)
    {
        await using var plain = await ParcelStore.CreateAsync(EventAppendMode.Rich, identity, plain: true);
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));

        var refused = await RaceExpectingAsync(parcels, stream);

        refused.ShouldBeOfType(
            (await RaceExpectingAsync(plain, await plain.StartAsync(new ParcelRegistered("Here"))))!.GetType());
        await using var session = parcels.Session();
        (await stream.FetchAsync(session)).Select(e => e.Version).ShouldBe([1, 2]);
    }

    [Theory, MemberData(nameof(Ways.WithClientTime), MemberType = typeof(Ways))]
    public async Task an_append_that_expects_no_version_is_refused_or_comes_after(
        EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));

        var refused = await RaceAsync(
            parcels, stream, session => stream.Append(session, new ParcelScanned("B")));

        (refused is null or EventStreamUnexpectedMaxEventIdException or ConcurrentUpdateException).ShouldBeTrue();
        await using var session = parcels.Session();
        (await stream.FetchAsync(session)).Select(e => e.Version).ShouldBe(refused is null ? [1, 2, 3] : [1, 2]);
    }

    private static Task<Exception?> RaceExpectingAsync(ParcelStore parcels, ParcelStream stream) => RaceAsync(
        parcels, stream, session => stream.AppendExpecting(session, 2, new ParcelScanned("B")));

    private static async Task<Exception?> RaceAsync(
        ParcelStore parcels, ParcelStream stream, Action<IDocumentSession> append)
    {
        await using var first = await HeldSession.OpenAsync(
            parcels.Another(new TestClock(Months.Boundary.AddMinutes(-1))), parcels.DataSource);
        stream.Append(first.Session, new ParcelScanned("A"));
        await first.Session.SaveChangesAsync();

        await using var losing = parcels.Another(new TestClock(Months.Boundary.AddMinutes(1)))
            .LightweightSession(IsolationLevel.Serializable);
        append(losing);
        var second = losing.SaveChangesAsync();
        await parcels.DataSource.SomebodyWaitsForALockAsync();
        await first.CommitAsync();
        return await Record.ExceptionAsync(() => second);
    }
}
