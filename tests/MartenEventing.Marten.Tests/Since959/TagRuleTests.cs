using JasperFx.Events;
using JasperFx.Events.Tags;
using Marten;
using Marten.Events;
using MartenEventing.Maintenance;
using MartenEventing.Marten;
using MartenEventing.Marten.Maintenance;

namespace MartenEventing.Tests.Since959;

/// <summary>Tags that the store gives by rules, and what else is new about tags.</summary>
public sealed class TagRuleTests
{
    [Theory, InlineData(DcbStorageMode.TagTables), InlineData(DcbStorageMode.HStore)]
    public async Task rules_tag_events_of_all_months(DcbStorageMode storage)
    {
        await using var parcels = await ParcelStore.CreateAsync(configure: options =>
        {
            options.Events.DcbStorageMode = storage;
            options.Events.DcbTagVersionFillFactor = 70;
            options.Events.AutoDiscoverTagTypes = true;
            options.Events.RegisterTagType<DepotTag, string>(tag => tag.Value, "depot").ForAggregate<DepotLoad>();
            options.Events.TagWith<ParcelScanned>(scanned => new DepotTag(scanned.Depot));
            options.Events.TagEventsBy(data => data is ParcelDelivered ? [new DepotTag("north")] : null);
        });
        await parcels.StartAcrossBoundaryAsync(
            [new ParcelRegistered("Here"), new ParcelScanned("north")],
            [new ParcelScanned("south"), new ParcelDelivered()]);

        await using var session = parcels.Session();
        var north = new EventTagQuery().Or<DepotTag>(new DepotTag("north"));
        (await session.Events.QueryByTagsAsync(north)).Select(e => e.Sequence).ShouldBe([2, 4]);
        (await session.Events.AggregateByTagsAsync<DepotLoad>(north))!.Scans.ShouldBe(1);
        await parcels.Store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Fact]
    public async Task an_index_that_is_to_be_built_concurrently_is_refused_by_name()
    {
        await using var database = await MartenDatabase.CreateAsync();
        var store = database.Partitioned(options =>
        {
            options.Events.DcbStorageMode = DcbStorageMode.HStore;
            options.Events.BuildHStoreTagIndexConcurrently = true;
        });

        (await Should.ThrowAsync<IncompatibleEventsException>(
            () => store.Storage.ApplyAllConfiguredChangesToDatabaseAsync()))
            .Setting.ShouldBe("Events.BuildHStoreTagIndexConcurrently");
        Should.Throw<IncompatibleEventsException>(() => new PartitionMaintenance(store));
        (await database.DataSource.ScalarAsync<bool>("SELECT to_regclass('mt_events') IS NULL")).ShouldBeTrue();
    }

    private sealed record DepotTag(string Value);
}
