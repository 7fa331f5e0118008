using JasperFx.Events;
using JasperFx.Events.Projections;
using JasperFx.MultiTenancy;
using Marten;
using MartenEventing.TestSupport;
using Npgsql;

namespace MartenEventing.Tests.Since959;

/// <summary>
/// <c>TombstoneStream</c> beside others that write to the stream: what happens is what happens on the plain table.
/// </summary>
public sealed class DeletedStreamRaceTests
{
    private static readonly Dictionary<string, Func<ParcelStore, ParcelStream, Task<string>>> Races = new()
    {
        ["the deletion waits for an append"] = (parcels, stream) => WaitAsync(
            parcels, session => stream.Append(session, new ParcelScanned("B")), session => Delete(session, stream)),
        ["an append waits for the deletion"] = (parcels, stream) => WaitAsync(
            parcels, session => Delete(session, stream), session => stream.Append(session, new ParcelScanned("B"))),
        ["fetched for writing before"] = async (parcels, stream) =>
        {
            await using var stale = parcels.Session();
            var writing = await stream.FetchForWritingAsync(stale);
            await parcels.SaveAsync(session => Delete(session, stream));
            writing.Append(new ParcelScanned("B"));
            return await OutcomeAsync(() => stale.SaveChangesAsync());
        },
        ["begun anew in one session"] = (parcels, stream) => OutcomeAsync(() => parcels.SaveAsync(session =>
        {
            Delete(session, stream);
            stream.Start(session, new ParcelRegistered("Again"));
        })),
        ["appended to in one session"] = (parcels, stream) => OutcomeAsync(() => parcels.SaveAsync(session =>
        {
            stream.Append(session, new ParcelScanned("B"));
            Delete(session, stream);
        })),
    };

    public static TheoryData<string, EventAppendMode, TenancyStyle> All
    {
        get
        {
            var all = new TheoryData<string, EventAppendMode, TenancyStyle>();
            foreach (var (number, race) in Races.Keys.Index())
            foreach (var (turn, mode) in Ways.Modes.Index())
            {
                all.Add(race, mode, TenancyStyle.Single);
                if (Effort.IsFull || (number + turn) % 3 == 0)
                    all.Add(race, mode, TenancyStyle.Conjoined);
            }

            return all;
        }
    }

    [Theory, MemberData(nameof(All))]
    public async Task it_ends_as_on_the_plain_table(string race, EventAppendMode mode, TenancyStyle tenancy)
    {
        var plain = await PlayAsync(race, mode, tenancy, plain: true);

        (await PlayAsync(race, mode, tenancy, plain: false)).ShouldBe(plain);
    }

    [Fact]
    public async Task events_that_nobody_may_remove_stay_with_their_stream()
    {
        await using var parcels = await ParcelStore.CreateAsync();
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        await parcels.DataSource.ExecuteAsync("SELECT mt_enforce_append_only()");

        (await OutcomeAsync(() => parcels.SaveAsync(session => Delete(session, stream)))).ShouldEndWith("23001");

        await parcels.SaveAsync(session => stream.Append(session, new ParcelScanned("A")));
        await using var session = parcels.Session();
        (await stream.FetchAsync(session)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task the_natural_key_is_free_again()
    {
        await using var parcels = await ParcelStore.CreateAsync(
            configure: options => options.Projections.Snapshot<LabeledParcel>(SnapshotLifecycle.Inline));
        var label = new ParcelLabel("JD0001");
        var (first, second) = (parcels.NewStream(), parcels.NewStream());
        await parcels.SaveAsync(
            session => session.Events.StartStream<LabeledParcel>(first.Id, new ParcelLabeled(label)));
        await parcels.SaveAsync(session => Delete(session, first));

        await parcels.SaveAsync(
            session => session.Events.StartStream<LabeledParcel>(second.Id, new ParcelLabeled(label)));

        await using var session = parcels.Session();
        (await session.Events.FetchForWriting<LabeledParcel, ParcelLabel>(label)).Id.ShouldBe(second.Id);
    }

    private static async Task<string> PlayAsync(string race, EventAppendMode mode, TenancyStyle tenancy, bool plain)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, plain: plain, tenancy: tenancy);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));
        var outcome = await Races[race](parcels, stream);
        return await parcels.DataSource.ScalarAsync<string>(
            """
            SELECT format('%s; %s events, %s without a stream; streams: %s', $1, count(*),
                   count(*) FILTER (WHERE s.id IS NULL),
                          (SELECT string_agg(t.version::text, ' ') FROM mt_streams t WHERE t.id = $2))
              FROM mt_events e LEFT JOIN mt_streams s ON s.id = e.stream_id AND s.tenant_id = e.tenant_id
             WHERE e.type <> 'tombstone'
            """, outcome, stream.Id);
    }

    /// <summary>The second writes while the first has not committed.</summary>
    private static async Task<string> WaitAsync(
        ParcelStore parcels, Action<IDocumentSession> first, Action<IDocumentSession> second)
    {
        await using var held = await HeldSession.OpenAsync(parcels.Store, parcels.DataSource);
        first(held.Session);
        await held.Session.SaveChangesAsync();
        var outcome = OutcomeAsync(() => parcels.SaveAsync(second));
        await parcels.DataSource.SomebodyWaitsForALockAsync();
        await held.CommitAsync();
        return await outcome;
    }

    private static void Delete(IDocumentSession session, ParcelStream stream) =>
        session.Events.TombstoneStream(stream.Id);

    private static async Task<string> OutcomeAsync(Func<Task> act)
    {
        var error = await Record.ExceptionAsync(act);
        return error is null ? "done"
            : $"{error.GetType().Name} {(error.InnerException as PostgresException)?.SqlState}";
    }
}
