using MartenEventing.PartitionArchive;
using MartenEventing.Retention;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.Tests.Partitioning;
using MartenEventing.Tests.Retention;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Tenants;

/// <summary>Each tenant keeps its events as long as its own policy says.</summary>
public sealed class TenantRetentionTests
{
    [Fact]
    public async Task one_tenant_expires_and_the_streams_of_others_stay()
    {
        await using var store = await OfMonthsAsync("acme", "court");
        foreach (var tenant in new[] { "acme", "court" })
        {
            await store.DataSource.AppendAsync(RetentionStore.Id(1), Month(-6), 2, tenant: tenant);
            await store.DataSource.AppendAsync(RetentionStore.Id(2), Month(-6), 2, tenant: tenant);
            await store.DataSource.AppendAsync(RetentionStore.Id(2), Month(0), 1, tenant: tenant);
        }

        var options = RetentionStore.ThreeMonths with
        {
            Tenants = new Dictionary<string, RetentionOptions> { ["court"] = new() },
        };
        var plan = await store.Retention(options).PlanAsync();
        var report = await store.Retention(options).ApplyAsync();

        plan.Partitions.ShouldAllBe(partition => partition.Name.StartsWith("mt_events_t", StringComparison.Ordinal));
        plan.Partitions.Sum(partition => partition.Removed).ShouldBe(2);
        report.Gates.ShouldBeEmpty();
        report.Expired.Sum(partition => partition.Removed).ShouldBe(2);
        (await store.StreamsAsync()).ShouldBe(
            [$"{RetentionStore.Id(2)}: 1 2 3", $"{RetentionStore.Id(1)}: 1 2", $"{RetentionStore.Id(2)}: 1 2 3"]);
        (await store.PartitionsAsync("acme"))[1].ShouldBe($"m{Month(-3):yyyyMM}");
        (await store.PartitionsAsync("court"))[1].ShouldBe($"m{Month(-6):yyyyMM}");
        (await store.ColumnAsync<string>("SELECT DISTINCT tenant FROM mt_removed_partitions")).ShouldBe(["acme"]);
        await store.ShouldBeTidyAsync();
    }

    [Fact]
    public async Task drop_old_partitions_removes_those_of_the_tenant_in_hand()
    {
        await using var store = await OfMonthsAsync("acme", "court");
        foreach (var tenant in new[] { "acme", "court" })
            await store.DataSource.AppendAsync(RetentionStore.Id(1), Month(-6), 2, tenant: tenant);

        await store.ExecuteAsync("SELECT mt_use_tenant('acme'); SELECT drop_old_partitions(3)");

        (await store.ColumnAsync<string>("SELECT tenant_id FROM mt_streams")).ShouldBe(["court"]);
        (await store.ColumnAsync<string>("SELECT action FROM ensure_event_store_partition('court', 3, 3)"))
            .ShouldBe(["dropped", "dropped", "dropped"]);
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_streams")).ShouldBe(0);
        await store.ShouldBeTidyAsync();
    }

    [Fact]
    public async Task an_interrupted_run_of_one_tenant_keeps_no_other_from_its_own()
    {
        await using var store = await OfMonthsAsync("acme", "court");
        foreach (var tenant in new[] { "acme", "court" })
            await store.DataSource.AppendAsync(RetentionStore.Id(1), Month(-6), 2, tenant: tenant);
        await Should.ThrowAsync<OperationCanceledException>(
            new StoreRetention(store.DataSource, "public", RetentionStore.ThreeMonths)
            {
                Tenant = "acme",
                Observer = (step, _) => step == "swap" ? throw new OperationCanceledException() : Task.CompletedTask,
            }.ApplyAsync());

        await new StoreRetention(
            store.DataSource, "public", RetentionStore.ThreeMonths) { Tenant = "court" }.ApplyAsync();
        (await store.ColumnAsync<string>("SELECT tenant_id FROM mt_streams")).ShouldBe(["acme"]);
        await store.ShouldBeTidyAsync();

        await store.Retention().ApplyAsync();
        (await store.ColumnAsync<string>("SELECT tenant_id FROM mt_streams")).ShouldBeEmpty();
        await store.ShouldBeTidyAsync();
    }

    [Fact]
    public async Task what_one_tenant_loses_lies_in_an_archive_of_its_own_and_comes_back_from_there()
    {
        await using var store = await OfMonthsAsync("acme", "court");
        foreach (var tenant in new[] { "acme", "court" })
        {
            await store.DataSource.AppendAsync(RetentionStore.Id(1), Month(-6), 2, tenant: tenant);
            await store.DataSource.AppendAsync(RetentionStore.Id(2), Month(-5), 2, tenant: tenant);
        }

        var folder = Directory.CreateTempSubdirectory("tenant-archives").FullName;
        var report = await new StoreRetention(
            store.DataSource, "public",
            RetentionStore.ThreeMonths with { ArchiveDirectory = folder }) { Tenant = "acme" }
            .ApplyAsync();
        report.Gates.ShouldBeEmpty();
        (await store.ColumnAsync<string>("SELECT DISTINCT tenant_id FROM mt_streams")).ShouldBe(["court"]);
        var restorer = new PartitionArchiveRestorer(store.DataSource, "public", new ArchiveFolder(folder));
        foreach (var archive in report.Expired.Select(partition => partition.Archive).OfType<string>())
            await restorer.RestoreAsync(archive);

        (await store.StreamsAsync()).ShouldBe([.. Enumerable.Repeat<string[]>(
            [$"{RetentionStore.Id(1)}: 1 2", $"{RetentionStore.Id(2)}: 1 2"], 2).SelectMany(streams => streams)]);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task policies_of_tenants_where_they_share_the_partitions_are_refused()
    {
        await using var store = await StoreDatabase.CreateAsync(tenancy: EventTenancy.Conjoined);

        await Should.ThrowAsync<UnsupportedStoreException>(store.Retention(RetentionStore.ThreeMonths with
        {
            Tenants = new Dictionary<string, RetentionOptions> { ["court"] = new() },
        }).PlanAsync());
    }

    [Fact]
    public void a_tenants_section_begins_with_what_the_whole_says()
    {
        var options = RetentionConfiguration.Parse(
            """
            { "tenants": { "acme": { "olderThan": "5y" }, "court": { "olderThan": "forever" } },
              "olderThan": "24mo", "minimumAge": "90d" }
            """);

        options.Tenants["acme"].OlderThan.ShouldBe(RetentionAge.Parse("5y"));
        options.Tenants["acme"].MinimumAge.ShouldBe(RetentionAge.Parse("90d"));
        options.Tenants["court"].OlderThan.ShouldBeNull();
        Should.Throw<RetentionConfigurationException>(() => RetentionConfiguration.Parse(
            """{ "tenants": { "acme": { "tenants": {} } } }"""));
    }

    private static async Task<StoreDatabase> OfMonthsAsync(params string[] tenants)
    {
        var store = await TenantStore.CreateAsync();
        foreach (var tenant in tenants)
            await store.ExecuteAsync(
                $"SELECT mt_create_tenant('{tenant}'); SELECT mt_use_tenant('{tenant}'); SELECT " +
                $"mt_provision_history('month', '{Month(-6):yyyy-MM-dd}+00')");
        return store;
    }
}
