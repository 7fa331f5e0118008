using JasperFx.Events;
using JasperFx.Events.Tags;
using Marten;
using Marten.Events;

namespace MartenEventing.Tests.Events;

/// <summary>Dynamic consistency boundaries: events found and guarded by their tags, stored either way.</summary>
public sealed class TagTests
{
    private static readonly DepotTag North = new("north");
    private static readonly DepotTag South = new("south");

    public static TheoryData<DcbStorageMode, EventAppendMode> Modes
    {
        get
        {
            var modes = new TheoryData<DcbStorageMode, EventAppendMode>();
            foreach (var mode in Ways.Modes)
            {
                modes.Add(DcbStorageMode.TagTables, mode);
                modes.Add(DcbStorageMode.HStore, mode);
            }

            return modes;
        }
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task events_are_found_by_tag_in_all_months(DcbStorageMode storage, EventAppendMode mode)
    {
        await using var parcels = await CreateAsync(storage, mode);
        await ScanAsync(parcels, parcels.NewStream(), North);
        await ScanAsync(parcels, parcels.NewStream(), South);
        parcels.Clock.Now = Months.Boundary.AddMinutes(1);
        await ScanAsync(parcels, parcels.NewStream(), North);

        await using var session = parcels.Session();
        (await session.Events.QueryByTagsAsync(Of(North))).Select(e => e.Sequence).ShouldBe([1, 3]);
        (await session.Events.EventsExistAsync(Of(South))).ShouldBeTrue();
        (await session.Events.AggregateByTagsAsync<DepotLoad>(Of(North)))!.Scans.ShouldBe(2);
        (await session.Events.QueryAllRawEvents().Where(e => e.HasTag(North)).CountAsync()).ShouldBe(2);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task a_boundary_is_written(DcbStorageMode storage, EventAppendMode mode)
    {
        await using var parcels = await CreateAsync(storage, mode);
        await ScanAsync(parcels, parcels.NewStream(), North);
        await using var session = parcels.Session();
        var boundary = await session.Events.FetchForWritingByTags<DepotLoad>(Of(North));
        boundary.Aggregate!.Scans.ShouldBe(1);
        parcels.Clock.Now = Months.Boundary.AddMinutes(1);
        boundary.AppendOne(Tagged(session, North));
        await session.SaveChangesAsync();

        (await session.Events.QueryByTagsAsync(Of(North))).Count.ShouldBe(2);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task a_boundary_that_was_written_since_is_refused(DcbStorageMode storage, EventAppendMode mode)
    {
        await using var parcels = await CreateAsync(storage, mode);
        await ScanAsync(parcels, parcels.NewStream(), North);
        await using var stale = parcels.Session();
        var boundary = await stale.Events.FetchForWritingByTags<DepotLoad>(Of(North));

        parcels.Clock.Now = Months.Boundary.AddMinutes(1);
        await ScanAsync(parcels, parcels.NewStream(), North);
        boundary.AppendOne(Tagged(stale, North));
        await Should.ThrowAsync<DcbConcurrencyException>(stale.SaveChangesAsync());
        (await parcels.DataSource.ScalarAsync<long>(
            "SELECT count(*) FROM mt_events WHERE type = 'parcel_scanned'")).ShouldBe(2);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task a_boundary_is_not_held_up_by_other_tags(DcbStorageMode storage, EventAppendMode mode)
    {
        await using var parcels = await CreateAsync(storage, mode);
        await ScanAsync(parcels, parcels.NewStream(), North);
        await using var session = parcels.Session();
        var boundary = await session.Events.FetchForWritingByTags<DepotLoad>(Of(North));
        await ScanAsync(parcels, parcels.NewStream(), South);
        boundary.AppendOne(Tagged(session, North));
        await session.SaveChangesAsync();

        (await session.Events.QueryByTagsAsync(Of(North))).Count.ShouldBe(2);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task tags_are_assigned_to_events_that_are_there(DcbStorageMode storage, EventAppendMode mode)
    {
        await using var parcels = await CreateAsync(storage, mode);
        await parcels.StartAcrossBoundaryAsync([new ParcelScanned("A")], [new ParcelScanned("B")]);
        await parcels.SaveAsync(session => session.Events.AssignTagWhere(e => e.Version >= 1, South));

        await using var session = parcels.Session();
        (await session.Events.QueryByTagsAsync(Of(South))).Count.ShouldBe(2);
        await parcels.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    private static EventTagQuery Of(DepotTag tag) => new EventTagQuery().Or<DepotTag>(tag);

    private static Task ScanAsync(ParcelStore parcels, ParcelStream stream, DepotTag tag) =>
        parcels.SaveAsync(session => stream.Append(session, Tagged(session, tag)));

    private static IEvent Tagged(IDocumentSession session, DepotTag tag)
    {
        var scanned = session.Events.BuildEvent(new ParcelScanned(tag.Value));
        scanned.WithTag(tag);
        return scanned;
    }

    private static Task<ParcelStore> CreateAsync(DcbStorageMode storage, EventAppendMode mode) =>
        ParcelStore.CreateAsync(mode, configure: options =>
        {
            options.Events.DcbStorageMode = storage;
            options.Events.RegisterTagType<DepotTag>("depot").ForAggregate<DepotLoad>();
        });

    private sealed record DepotTag(string Value);
}
