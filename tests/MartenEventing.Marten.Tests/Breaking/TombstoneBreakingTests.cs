using JasperFx.Events;
using JasperFx.Events.Projections;
using JasperFx.Events.Tags;
using JasperFx.MultiTenancy;
using Marten;
using Marten.Events;
using Marten.Events.Projections;
using Npgsql;

namespace MartenEventing.Tests.Breaking;

/// <summary>TombstoneStream (marten#5673) beside others that write to the same stream.</summary>
public sealed class TombstoneBreakingTests
{
    private const string Orphans =
        "SELECT count(*) FROM mt_events e WHERE NOT EXISTS (SELECT FROM mt_streams s WHERE s.id = e.stream_id AND s.tenant_id = e.tenant_id)";

    public static TheoryData<EventAppendMode, bool> ModesAndTenancies
    {
        get
        {
            var data = new TheoryData<EventAppendMode, bool>();
            foreach (var mode in Ways.Modes)
            {
                data.Add(mode, false);
                data.Add(mode, true);
            }

            return data;
        }
    }

    public static TheoryData<EventAppendMode> Modes => [.. Ways.Modes];

    /// <summary>The append came first: the deletion waits for it, and takes it along (or is refused, conjoined).</summary>
    [Theory, MemberData(nameof(ModesAndTenancies))]
    public async Task a_deletion_that_waits_for_an_append_ends_as_on_the_plain_table(EventAppendMode mode, bool conjoined)
    {
        var plain = await DeleteBesideAppendAsync(mode, conjoined, plain: true);
        var partitioned = await DeleteBesideAppendAsync(mode, conjoined, plain: false);
        partitioned.ShouldBe(plain);
    }

    /// <summary>The deletion came first: the append that waits for it must not leave events without a stream.</summary>
    [Theory, MemberData(nameof(ModesAndTenancies))]
    public async Task an_append_that_waits_for_a_deletion_ends_as_on_the_plain_table(EventAppendMode mode, bool conjoined)
    {
        var plain = await AppendBesideDeleteAsync(mode, conjoined, plain: true);
        var partitioned = await AppendBesideDeleteAsync(mode, conjoined, plain: false);
        partitioned.ShouldBe(plain);
    }

    [Theory, MemberData(nameof(ModesAndTenancies))]
    public async Task a_stale_fetch_for_writing_ends_as_on_the_plain_table(EventAppendMode mode, bool conjoined)
    {
        var plain = await StaleAsync(mode, conjoined, plain: true);
        var partitioned = await StaleAsync(mode, conjoined, plain: false);
        partitioned.ShouldBe(plain);
    }

    [Theory, MemberData(nameof(ModesAndTenancies))]
    public async Task deleted_and_begun_anew_in_one_session_ends_as_on_the_plain_table(EventAppendMode mode, bool conjoined)
    {
        var plain = await AnewInOneSessionAsync(mode, conjoined, plain: true);
        var partitioned = await AnewInOneSessionAsync(mode, conjoined, plain: false);
        partitioned.ShouldBe(plain);
    }

    [Theory, MemberData(nameof(ModesAndTenancies))]
    public async Task appended_to_and_deleted_in_one_session_ends_as_on_the_plain_table(EventAppendMode mode, bool conjoined)
    {
        var plain = await AppendedInOneSessionAsync(mode, conjoined, plain: true);
        var partitioned = await AppendedInOneSessionAsync(mode, conjoined, plain: false);
        partitioned.ShouldBe(plain);
    }

    /// <summary>The tags of an event that was appended meanwhile: on the plain table a foreign key speaks for them.</summary>
    [Theory, MemberData(nameof(Modes))]
    public async Task no_tag_stays_of_an_event_that_was_appended_beside_the_deletion(EventAppendMode mode)
    {
        var plain = await TagBesideDeleteAsync(mode, plain: true);
        TestContext.Current.TestOutputHelper?.WriteLine("plain: " + plain);
        plain.Tags.ShouldBe(plain.Events);
        var partitioned = await TagBesideDeleteAsync(mode, plain: false);

        partitioned.Tags.ShouldBe(partitioned.Events);
    }

    private static async Task<(string Outcome, long Events, long Tags)> TagBesideDeleteAsync(EventAppendMode mode, bool plain)
    {
        await using var parcels = await ParcelStore.CreateAsync(
            mode,
            configure: options => options.Events.RegisterTagType<DepotTag>("depot").ForAggregate<DepotLoad>(),
            plain: plain);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        await using var writer = await HeldSession.OpenAsync(parcels.Store, parcels.DataSource);
        var scanned = writer.Session.Events.BuildEvent(new ParcelScanned("secret"));
        scanned.WithTag(new DepotTag("secret"));
        stream.Append(writer.Session, scanned);
        await writer.Session.SaveChangesAsync();

        var deletion = OutcomeAsync(() => parcels.SaveAsync(session => session.Events.TombstoneStream(stream.Id)));
        await parcels.DataSource.SomebodyWaitsForALockAsync();
        await writer.CommitAsync();
        var outcome = await deletion;

        return (
            outcome,
            await parcels.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE type = 'parcel_scanned'"),
            await parcels.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_event_tag_depot"));
    }

    /// <summary>Marten's other way to delete a stream, Advanced.Clean, and DELETE by hand.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public async Task no_tag_stays_of_a_stream_that_is_cleaned(bool plain)
    {
        await using var parcels = await ParcelStore.CreateAsync(
            configure: options => options.Events.RegisterTagType<DepotTag>("depot").ForAggregate<DepotLoad>(), plain: plain);
        var stream = parcels.NewStream();
        await parcels.SaveAsync(session =>
        {
            var scanned = session.Events.BuildEvent(new ParcelScanned("secret"));
            scanned.WithTag(new DepotTag("secret"));
            stream.Start(session, scanned);
        });
        var outcome = await OutcomeAsync(() => parcels.Store.Advanced.Clean.DeleteSingleEventStreamAsync(stream.Id));

        var events = await parcels.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events");
        var tags = await parcels.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_event_tag_depot");
        $"{outcome} events {events} tags {tags}".ShouldBe($"{outcome} events {events} tags {events}");
    }

    [Theory, MemberData(nameof(ModesAndTenancies))]
    public async Task a_sealed_month_gives_the_stream_up(EventAppendMode mode, bool conjoined)
    {
        await using var parcels = await CreateAsync(mode, conjoined, plain: false);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        await parcels.DataSource.ExecuteAsync("SELECT mt_seal_partition(p.name) FROM mt_partitions() p WHERE p.kind NOT IN ('head', 'tail')");

        await parcels.SaveAsync(session => session.Events.TombstoneStream(stream.Id));

        (await parcels.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(0);
    }

    [Theory, MemberData(nameof(ModesAndTenancies))]
    public async Task append_only_events_stay_with_their_stream(EventAppendMode mode, bool conjoined)
    {
        await using var parcels = await CreateAsync(mode, conjoined, plain: false);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        await parcels.DataSource.ExecuteAsync("SELECT mt_enforce_append_only()");

        var error = await Should.ThrowAsync<Exception>(
            () => parcels.SaveAsync(session => session.Events.TombstoneStream(stream.Id)));

        (error.InnerException as PostgresException)?.SqlState.ShouldBe("23001");
        error.ToString().ShouldContain("append-only");
        (await parcels.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(1);
        (await parcels.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_streams")).ShouldBe(1);
        await parcels.SaveAsync(session => stream.Append(session, new ParcelScanned("A")));
    }

    [Theory, MemberData(nameof(ModesAndTenancies))]
    public async Task the_natural_key_is_free_again(EventAppendMode mode, bool conjoined)
    {
        await using var parcels = await CreateAsync(
            mode, conjoined, plain: false, options => options.Projections.Snapshot<LabeledParcel>(SnapshotLifecycle.Inline));
        var label = new ParcelLabel("JD0001");
        var first = parcels.NewStream();
        await parcels.SaveAsync(session => session.Events.StartStream<LabeledParcel>(first.Id, new ParcelLabeled(label)));
        await parcels.SaveAsync(session => session.Events.TombstoneStream(first.Id));
        (await parcels.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_natural_key_labeledparcel")).ShouldBe(0);

        var second = parcels.NewStream();
        await parcels.SaveAsync(session => session.Events.StartStream<LabeledParcel>(second.Id, new ParcelLabeled(label)));
        await using var session = parcels.Session();
        (await session.Events.FetchForWriting<LabeledParcel, ParcelLabel>(label)).Id.ShouldBe(second.Id);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task of_two_tenants_with_partitions_of_their_own_one_loses_its_stream(EventAppendMode mode)
    {
        await using var database = await MartenDatabase.CreateAsync();
        var store = database.Plain(options =>
        {
            options.Events.AppendMode = mode;
            options.Events.TenancyStyle = TenancyStyle.Conjoined;
            options.Policies.AllDocumentsAreMultiTenanted();
            options.UseTimePartitionedEvents(events => events.ByTenant = true);
            options.Projections.Snapshot<Parcel>(SnapshotLifecycle.Inline);
        });
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        var stream = Guid.NewGuid();
        foreach (var tenant in new[] { "north", "south" })
            await store.SaveAsync(session => session.Events.StartStream<Parcel>(stream, new ParcelRegistered(tenant)), tenant);

        await store.SaveAsync(session => session.Events.TombstoneStream(stream), "north");

        (await database.DataSource.ColumnAsync<string>("SELECT tenant_id FROM mt_events")).ShouldBe(["south"]);
        (await database.DataSource.ColumnAsync<string>("SELECT tenant_id FROM mt_streams")).ShouldBe(["south"]);
        await store.SaveAsync(session => session.Events.StartStream<Parcel>(stream, new ParcelRegistered("again")), "north");
        await store.SaveAsync(session => session.Events.Append(stream, new ParcelScanned("A")), "south");
        (await database.DataSource.ScalarAsync<long>(Orphans)).ShouldBe(0);
        // A tenant that is nowhere.
        await store.SaveAsync(session => session.Events.TombstoneStream(stream), "nobody");
        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(3);
    }

    /// <summary>Writers and deleters at once, for real: never an event without its stream, nor two of one version.</summary>
    [Theory, MemberData(nameof(ModesAndTenancies))]
    public async Task writers_and_deleters_leave_no_event_without_stream(EventAppendMode mode, bool conjoined)
    {
        await using var parcels = await CreateAsync(mode, conjoined, plain: false);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        var errors = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        var end = DateTime.UtcNow.AddSeconds(4);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async worker =>
        {
            while (DateTime.UtcNow < end)
            {
                var outcome = await OutcomeAsync(() => parcels.SaveAsync(session =>
                {
                    if (worker < 2)
                        session.Events.TombstoneStream(stream.Id);
                    else
                        stream.Append(session, new ParcelScanned("A"), new ParcelScanned("B"));
                }));
                errors.AddOrUpdate(outcome, 1, (_, n) => n + 1);
            }
        }));

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join("; ", errors));
        (await parcels.DataSource.ScalarAsync<long>(Orphans)).ShouldBe(0);
        (await parcels.DataSource.ScalarAsync<long>(
            "SELECT count(*) FROM (SELECT FROM mt_events GROUP BY tenant_id, stream_id, version HAVING count(*) > 1) d")).ShouldBe(0);
        (await parcels.DataSource.ColumnAsync<string>(
            "SELECT s.version || ' ' || coalesce(max(e.version), 0) FROM mt_streams s LEFT JOIN mt_events e ON e.stream_id = s.id AND e.tenant_id = s.tenant_id GROUP BY s.id, s.tenant_id, s.version HAVING s.version <> coalesce(max(e.version), 0)"))
            .ShouldBeEmpty();
    }

    private static Task<ParcelStore> CreateAsync(
        EventAppendMode mode, bool conjoined, bool plain, Action<StoreOptions>? configure = null) =>
        ParcelStore.CreateAsync(
            mode,
            configure: options =>
            {
                if (conjoined)
                {
                    options.Events.TenancyStyle = TenancyStyle.Conjoined;
                    options.Policies.AllDocumentsAreMultiTenanted();
                }

                configure?.Invoke(options);
            },
            plain: plain);

    private static async Task<string> DeleteBesideAppendAsync(EventAppendMode mode, bool conjoined, bool plain)
    {
        await using var parcels = await CreateAsync(mode, conjoined, plain);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        await using var writer = await HeldSession.OpenAsync(parcels.Store, parcels.DataSource);
        stream.Append(writer.Session, new ParcelScanned("A"));
        await writer.Session.SaveChangesAsync();
        var deletion = OutcomeAsync(() => parcels.SaveAsync(session => session.Events.TombstoneStream(stream.Id)));
        await parcels.DataSource.SomebodyWaitsForALockAsync();
        await writer.CommitAsync();
        return await deletion + await CountAsync(parcels);
    }

    private static async Task<string> AppendBesideDeleteAsync(EventAppendMode mode, bool conjoined, bool plain)
    {
        await using var parcels = await CreateAsync(mode, conjoined, plain);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        await using var deleter = await HeldSession.OpenAsync(parcels.Store, parcels.DataSource);
        deleter.Session.Events.TombstoneStream(stream.Id);
        await deleter.Session.SaveChangesAsync();
        var append = OutcomeAsync(() => parcels.SaveAsync(session => stream.Append(session, new ParcelScanned("A"))));
        await parcels.DataSource.SomebodyWaitsForALockAsync();
        await deleter.CommitAsync();
        return await append + await CountAsync(parcels);
    }

    private static async Task<string> StaleAsync(EventAppendMode mode, bool conjoined, bool plain)
    {
        await using var parcels = await CreateAsync(mode, conjoined, plain);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));
        await using var stale = parcels.Session();
        var writing = await stream.FetchForWritingAsync(stale);
        await parcels.SaveAsync(session => session.Events.TombstoneStream(stream.Id));
        writing.Append(new ParcelScanned("B"));
        return await OutcomeAsync(() => stale.SaveChangesAsync()) + await CountAsync(parcels);
    }

    private static async Task<string> AnewInOneSessionAsync(EventAppendMode mode, bool conjoined, bool plain)
    {
        await using var parcels = await CreateAsync(mode, conjoined, plain);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));
        var outcome = await OutcomeAsync(() => parcels.SaveAsync(session =>
        {
            session.Events.TombstoneStream(stream.Id);
            stream.Start(session, new ParcelRegistered("Again"));
        }));
        return outcome + await CountAsync(parcels);
    }

    private static async Task<string> AppendedInOneSessionAsync(EventAppendMode mode, bool conjoined, bool plain)
    {
        await using var parcels = await CreateAsync(mode, conjoined, plain);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));
        var outcome = await OutcomeAsync(() => parcels.SaveAsync(session =>
        {
            stream.Append(session, new ParcelScanned("B"));
            session.Events.TombstoneStream(stream.Id);
        }));
        return outcome + await CountAsync(parcels);
    }

    private static async Task<string> CountAsync(ParcelStore parcels) =>
        $" events {await parcels.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE type <> 'tombstone'")}"
        + $" streams {await parcels.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_streams s WHERE s.id <> $1", JasperFx.Events.Tombstone.StreamId)}"
        + $" orphans {await parcels.DataSource.ScalarAsync<long>(Orphans)}";

    private static async Task<string> OutcomeAsync(Func<Task> act)
    {
        try
        {
            await act();
            return "done";
        }
        catch (Exception error)
        {
            var state = error as PostgresException ?? error.InnerException as PostgresException;
            return error.GetType().Name + (state is null ? "" : " " + state.SqlState);
        }
    }

    private sealed record DepotTag(string Value);
}
