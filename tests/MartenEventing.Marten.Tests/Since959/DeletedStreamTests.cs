using JasperFx.Events;
using JasperFx.Events.Tags;
using Marten;
using Marten.Events;

namespace MartenEventing.Tests.Since959;

/// <summary><c>TombstoneStream</c>: a stream is deleted for good, with all its events in whatever month.</summary>
public sealed class DeletedStreamTests
{
    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_stream_is_deleted_from_all_months_and_no_other(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var kept = await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Here")], [new ParcelScanned("A")]);
        var doomed = await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("There")], [new ParcelScanned("B")]);

        await parcels.SaveAsync(session => Delete(session, doomed));

        await using var session = parcels.Session();
        (await doomed.FetchAsync(session)).ShouldBeEmpty();
        (await doomed.FetchStateAsync(session)).ShouldBeNull();
        (await kept.FetchAsync(session)).Select(e => e.Version).ShouldBe([1, 2]);
        (await parcels.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(2);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task it_may_begin_anew(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Here")], [new ParcelScanned("A")]);
        await parcels.SaveAsync(session => Delete(session, stream));

        await parcels.SaveAsync(session => stream.Start(session, new ParcelRegistered("Again")));

        await using var session = parcels.Session();
        (await stream.FetchAsync(session)).Select(e => (e.Version, e.Sequence)).ShouldBe([(1, 3)]);
    }

    [Theory, InlineData(DcbStorageMode.TagTables), InlineData(DcbStorageMode.HStore)]
    public async Task its_tags_go_with_it(DcbStorageMode storage)
    {
        await using var parcels = await ParcelStore.CreateAsync(configure: options =>
        {
            options.Events.DcbStorageMode = storage;
            options.Events.RegisterTagType<DepotTag>("depot").ForAggregate<DepotLoad>();
        });
        var stream = parcels.NewStream();
        await parcels.SaveAsync(session =>
        {
            var scanned = session.Events.BuildEvent(new ParcelScanned("north"));
            scanned.WithTag(new DepotTag("north"));
            stream.Append(session, scanned);
        });

        await parcels.SaveAsync(session => Delete(session, stream));

        await using var session = parcels.Session();
        (await session.Events.QueryByTagsAsync(new EventTagQuery().Or<DepotTag>(new DepotTag("north"))))
            .ShouldBeEmpty();
        if (storage == DcbStorageMode.TagTables)
            (await parcels.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_event_tag_depot")).ShouldBe(0);
    }

    /// <summary>
    /// On the plain table the foreign key of the tags refuses the deletion, so that no tag is left either.
    /// </summary>
    [Theory]
    [InlineData(EventAppendMode.Rich)]
    [InlineData(EventAppendMode.Quick)]
    [InlineData(EventAppendMode.QuickWithServerTimestamps)]
    public async Task no_tag_stays_of_an_event_that_was_appended_beside_the_deletion(EventAppendMode mode)
    {
        await using var parcels = await ParcelStore.CreateAsync(
            mode, configure: options => options.Events.RegisterTagType<DepotTag>("depot").ForAggregate<DepotLoad>());
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        await using var writer = await HeldSession.OpenAsync(parcels.Store, parcels.DataSource);
        var scanned = writer.Session.Events.BuildEvent(new ParcelScanned("north"));
        scanned.WithTag(new DepotTag("north"));
        stream.Append(writer.Session, scanned);
        await writer.Session.SaveChangesAsync();

        var deletion = parcels.SaveAsync(session => Delete(session, stream));
        await parcels.DataSource.SomebodyWaitsForALockAsync();
        await writer.CommitAsync();
        await deletion;

        (await parcels.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE type = 'parcel_scanned'"))
            .ShouldBe(0);
        (await parcels.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_event_tag_depot")).ShouldBe(0);
    }

    private static void Delete(IDocumentSession session, ParcelStream stream)
    {
        if (stream.Key is null)
            session.Events.TombstoneStream(stream.Id);
        else
            session.Events.TombstoneStream(stream.Key);
    }

    private sealed record DepotTag(string Value);
}
