using JasperFx.MultiTenancy;
using Marten;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Schema;
using Weasel.Core;
using StreamIdentity = MartenEventing.Schema.StreamIdentity;

namespace MartenEventing.Tests.Modeling;

public sealed class TakeOverTests
{
    /// <summary>
    /// What only Marten has, and nothing of ours refers to; and our own history, which Marten does not need.
    /// </summary>
    private static readonly string[] Apart =
    [
        "mt_archive_stream", "mt_quick_append_events", "mt_mark_event_progression", "mt_doc_deadletterevent",
        "mt_upsert_deadletterevent", "mt_insert_deadletterevent", "mt_update_deadletterevent",
        "mt_overwrite_deadletterevent", "mt_immutable_", "mt_grams_", "mt_jsonb_", "mt_safe_unaccent",
        "mt_high_water_skips", "mt_mark_progression_with_skip", "mt_migrations",
    ];

    /// <summary>The tables to which newer Martens have added, where this is an older one.</summary>
    private static readonly string[] Newer =
        typeof(StoreOptions).Assembly.GetName().Version! >= new Version(MartenTables.Version)
            ? []
            : ["mt_streams.", "mt_event_progression.", "mt_event_projection_floors"];

    [Theory]
    [InlineData(StreamIdentity.Guid, EventTenancy.Single)]
    [InlineData(StreamIdentity.String, EventTenancy.Single)]
    [InlineData(StreamIdentity.Guid, EventTenancy.Conjoined)]
    public async Task a_store_made_by_Marten_and_one_made_by_db_apply_are_the_same(
        StreamIdentity identity, EventTenancy tenancy)
    {
        await using var byMarten = await MartenDatabase.CreateAsync();
        await byMarten.Partitioned(Like(identity, tenancy)).Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await using var byUs = await MartenDatabase.CreateAsync();
        await Migrator(byUs, identity, tenancy).ApplyAsync();

        Differences(await DescribeAsync(byMarten), await DescribeAsync(byUs)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StreamIdentity.Guid, EventTenancy.Single)]
    [InlineData(StreamIdentity.String, EventTenancy.Single)]
    [InlineData(StreamIdentity.Guid, EventTenancy.Conjoined)]
    public async Task Marten_takes_over_what_db_apply_made(StreamIdentity identity, EventTenancy tenancy)
    {
        await using var database = await MartenDatabase.CreateAsync();
        await Migrator(database, identity, tenancy).ApplyAsync();
        var before = await DescribeAsync(database);

        var store = database.Partitioned(Like(identity, tenancy));
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();

        Differences(before, await DescribeAsync(database)).ShouldBeEmpty();
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Theory]
    [InlineData(StreamIdentity.Guid, EventTenancy.Single)]
    [InlineData(StreamIdentity.String, EventTenancy.Single)]
    [InlineData(StreamIdentity.Guid, EventTenancy.Conjoined)]
    public async Task db_apply_takes_over_what_Marten_made(StreamIdentity identity, EventTenancy tenancy)
    {
        await using var database = await MartenDatabase.CreateAsync();
        var store = database.Partitioned(Like(identity, tenancy));
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        var before = await DescribeAsync(database);

        var report = await Migrator(database, identity, tenancy).ApplyAsync();

        report.Applied.ShouldNotContain("V001__event_store.sql");
        report.Applied.ShouldNotContain("V002__partitioning_setup.sql");
        (await Migrator(database, identity, tenancy).GetStatusAsync()).IsUpToDate.ShouldBeTrue();
        Differences(before, await DescribeAsync(database)).ShouldBeEmpty();
        (await Migrator(database, identity, tenancy).ApplyAsync()).Applied.ShouldBeEmpty();
        (await store.Storage.Database.ApplyAllConfiguredChangesToDatabaseAsync()).ShouldBe(SchemaPatchDifference.None);
    }

    private static SchemaMigrator Migrator(
        MartenDatabase database, StreamIdentity identity, EventTenancy tenancy) =>
        new(database.DataSource, new SchemaOptions { StreamIdentity = identity, Tenancy = tenancy });

    /// <summary>A Marten store with all the columns that ours has.</summary>
    private static Action<StoreOptions> Like(StreamIdentity identity, EventTenancy tenancy) => options =>
    {
        options.Events.TenancyStyle = tenancy == EventTenancy.Conjoined ? TenancyStyle.Conjoined : TenancyStyle.Single;
        options.Events.StreamIdentity = identity == StreamIdentity.Guid
            ? JasperFx.Events.StreamIdentity.AsGuid
            : JasperFx.Events.StreamIdentity.AsString;
        options.Events.MetadataConfig.EnableAll();
        options.Events.MetadataConfig.UserNameEnabled = true;
    };

    private static async Task<List<string>> DescribeAsync(MartenDatabase database) =>
        [.. (await Catalogs.DescribeAsync(database.DataSource, "public")).Where(
            fact => !Apart.Concat(Newer).Any(fact.Contains))];

    private static List<string> Differences(List<string> before, List<string> after) =>
        [.. before.Except(after).Select(fact => "- " + fact), .. after.Except(before).Select(fact => "+ " + fact)];
}
