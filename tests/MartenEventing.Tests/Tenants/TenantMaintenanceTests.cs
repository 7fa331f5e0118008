using MartenEventing.Conversion;
using MartenEventing.Maintenance;
using MartenEventing.Partitioning;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.Tests.Partitioning;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Tenants;

/// <summary>Each tenant's partitions have a life of their own.</summary>
public sealed class TenantMaintenanceTests
{
    [Fact]
    public async Task a_pass_provisions_absorbs_seals_and_rolls_up_the_partitions_of_each_tenant()
    {
        await using var store = await TenantStore.CreateAsync();
        await store.DataSource.AppendAsync(Guid.NewGuid(), Month(1), tenant: "o'hara");
        await store.DataSource.AppendAsync(Guid.NewGuid(), Month(5), tenant: "o'hara");
        await store.DataSource.AppendAsync(Guid.NewGuid(), Month(1), tenant: "acme");
        var clock = new TestClock(Month(6).AddDays(9));
        var pass = new MaintenancePass(store.DataSource, "public", time: clock);

        var report = await pass.RunAsync();

        report.IsIncomplete.ShouldBeFalse();
        (await store.PartitionsAsync("acme")).ShouldBe(
            ["head", .. Enumerable.Range(0, 10).Select(month => $"m{Month(month):yyyyMM}"), "tail"]);
        (await store.PartitionsAsync("o'hara")).ShouldBe(
        [
            "head", .. Enumerable.Range(0, 4).Select(month => $"m{Month(month):yyyyMM}"),
            $"m{Month(4):yyyyMM}_to_m{Month(5):yyyyMM}",
            .. Enumerable.Range(6, 4).Select(month => $"m{Month(month):yyyyMM}"), "tail",
        ]);
        (await store.ColumnAsync<string>(
            $"""
             SELECT DISTINCT tenant || ' ' || seal FROM mt_all_partitions()
              WHERE upper_bound <= '{Month(4):yyyy-MM-dd}+00' ORDER BY 1
             """)).ShouldBe(["*DEFAULT* sealed", "acme sealed", "o'hara sealed"]);
        (await pass.PlanAsync()).Steps.ShouldAllBe(step => step.Kind == PartitionStepKind.Analyze);
    }

    [Fact]
    public async Task months_of_one_tenant_are_rolled_up_and_those_of_others_stay()
    {
        await using var store = await TenantStore.CreateAsync(PartitionPeriod.Day);
        foreach (var tenant in new[] { "acme", "other" })
            await store.DataSource.AppendAsync(Guid.NewGuid(), DateTimeOffset.UtcNow, tenant: tenant);
        var options =
            new PartitionOptions { RollUpInto = PartitionPeriod.Year, RollUpAge = TimeSpan.Zero, PeriodsAhead = 1 };
        var clock = new TestClock(DateTimeOffset.UtcNow.AddYears(2));
        await store.ExecuteAsync(
            $"SELECT mt_use_tenant('acme'); SELECT mt_cut_tail('month', '{DateTime.UtcNow.Year + 1}-02-01 " +
            $"00:00:00+00')");

        await new MaintenancePass(store.DataSource, "public", options, clock) { Tenant = "acme" }.RollUpAsync();

        (await store.PartitionsAsync("acme")).ShouldContain($"y{DateTime.UtcNow:yyyy}");
        (await store.PartitionsAsync("other")).ShouldContain($"d{DateTime.UtcNow:yyyyMMdd}");
    }

    [Fact]
    public async Task the_published_functions_look_after_a_tenant_or_all()
    {
        await using var store = await TenantStore.CreateAsync();

        (await store.ColumnAsync<string>("SELECT action FROM ensure_event_store_partition('acme', 5)"))
            .ShouldAllBe(action => action == "created");
        (await store.PartitionsAsync("acme")).Count.ShouldBe(8);
        (await store.PartitionsAsync("*DEFAULT*")).Count.ShouldBe(6);
        (await store.ColumnAsync<string>(
            "SELECT action FROM ensure_event_store_partitions_for_all(5)")).Count.ShouldBe(2);
        (await store.PartitionsAsync("*DEFAULT*")).Count.ShouldBe(8);
        (await store.ColumnAsync<string>("SELECT action FROM ensure_event_store_partitions_for_all(5)"))
            .ShouldBeEmpty();

        var error = await Should.ThrowAsync<PostgresException>(store.ExecuteAsync("SELECT drop_old_partitions(24)"));
        error.SqlState.ShouldBe(PostgresErrorCodes.ObjectNotInPrerequisiteState);
        (await Should.ThrowAsync<PostgresException>(store.ExecuteAsync(
            "SELECT mt_use_tenant('nobody'); SELECT drop_old_partitions(24)"))).SqlState
            .ShouldBe(PostgresErrorCodes.UndefinedTable);
    }

    [Fact]
    public async Task the_views_show_all_tenants()
    {
        await using var store = await TenantStore.CreateAsync();
        await store.DataSource.AppendAsync(Guid.NewGuid(), Month(0), tenant: "acme");

        (await store.ColumnAsync<long>(
            "SELECT count(*) FROM event_store_partition_metrics GROUP BY tenant_id ORDER BY tenant_id")).ShouldBe(
                [6, 6]);
        (await store.ScalarAsync<long>("SELECT partition_count FROM event_store_partition_overview")).ShouldBe(12);
        (await store.ScalarAsync<long>(
            "SELECT event_count FROM event_store_recent_activity UNION ALL SELECT 1 LIMIT 1"))
            .ShouldBe(1);
        (await new PartitionCatalog(store.DataSource, "public").ListAsync()).Select(p => p.Tenant).Distinct()
            .ShouldBe(["*DEFAULT*", "acme"]);
    }

    [Fact]
    public async Task all_partitions_of_all_tenants_are_vacuumed_and_reindexed()
    {
        await using var store = await TenantStore.CreateAsync();
        await store.DataSource.AppendAsync(Guid.NewGuid(), Month(0), tenant: "acme");
        var upkeep = new StoreUpkeep(store.DataSource, "public");

        var plan = await upkeep.PlanVacuumAsync();
        plan.Count.ShouldBe(13);
        foreach (var statement in plan.Concat(await upkeep.PlanReindexAsync($"{await store.PartAsync("acme")}_head")))
            await upkeep.ExecuteAsync(statement);
    }

    [Fact]
    public async Task a_layout_that_is_not_the_stores_is_refused()
    {
        await using var store = await TenantStore.CreateAsync();

        (await Should.ThrowAsync<StoreMismatchException>(new SchemaMigrator(
            store.DataSource, TenantStore.Options with { PartitionByTenant = false }).ApplyAsync()))
            .Option.ShouldBe(nameof(SchemaOptions.PartitionByTenant));
        Should.Throw<ArgumentException>(() => new SchemaMigrator(
            store.DataSource, TenantStore.Options with { Tenancy = EventTenancy.Single })).ParamName
            .ShouldBe(nameof(SchemaOptions.PartitionByTenant));
        (await new SchemaMigrator(store.DataSource, TenantStore.Options).ApplyAsync()).Applied.ShouldBeEmpty();
        var status = await new SchemaMigrator(store.DataSource, TenantStore.Options).GetStatusAsync();
        status.IsUpToDate.ShouldBeTrue();
        status.Shape!.IsPartitionedByTenant.ShouldBeTrue();
        (await Should.ThrowAsync<UnsupportedStoreException>(
            new StoreConversion(store.DataSource, "public").GetStatusAsync())).Reason.ShouldContain("by tenant");
    }
}
