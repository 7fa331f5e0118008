using JasperFx.Events.Projections;
using JasperFx.MultiTenancy;
using Marten;
using MartenEventing.Maintenance;
using MartenEventing.Marten;
using MartenEventing.Marten.Maintenance;
using MartenEventing.Retention;

namespace MartenEventing.Tests.Modeling;

/// <summary>Managed servers give no more than ownership.</summary>
public sealed class OwnerTests
{
    [Theory]
    [InlineData(TenancyStyle.Single, false)]
    [InlineData(TenancyStyle.Conjoined, false)]
    [InlineData(TenancyStyle.Conjoined, true)]
    public async Task an_owner_without_superuser_rights_migrates_writes_and_maintains(
        TenancyStyle tenancy, bool byTenant)
    {
        await using var database = await TestDatabase.CreateAsync();
        using var store = DocumentStore.For(options =>
        {
            options.Connection(database.ConnectionString);
            options.Events.TenancyStyle = tenancy;
            options.UseTimePartitionedEvents(events => events.ByTenant = byTenant);
            if (tenancy == TenancyStyle.Conjoined)
                options.Policies.AllDocumentsAreMultiTenanted();
            options.Projections.Snapshot<Parcel>(SnapshotLifecycle.Inline);
        });

        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        var id = Guid.NewGuid();
        var tenant = tenancy == TenancyStyle.Conjoined ? "north" : null;
        await store.SaveAsync(session => session.Events.StartStream<Parcel>(id, new ParcelRegistered("Here")), tenant);
        await store.SaveAsync(session => session.Events.Append(id, new ParcelScanned("A")), tenant);

        (await new PartitionMaintenance(store).RunAsync()).ShouldAllBe(report => !report.IsIncomplete);
        (await new PartitionMaintenance(store).ApplyRetentionAsync(
            new RetentionOptions { OlderThan = RetentionAge.Parse("3mo") })).ShouldAllBe(report => !report.Skipped);
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Theory]
    [InlineData(TenancyStyle.Single, false)]
    [InlineData(TenancyStyle.Conjoined, true)]
    public async Task an_owner_of_a_schema_alone_migrates_writes_and_maintains(TenancyStyle tenancy, bool byTenant)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.Superuser.ExecuteAsync(
            $"""
             ALTER DATABASE {database.Name} OWNER TO CURRENT_USER;
             REVOKE ALL ON DATABASE {database.Name} FROM PUBLIC;
             GRANT CONNECT ON DATABASE {database.Name} TO {StoreOwner.Name};
             REVOKE ALL ON SCHEMA public FROM PUBLIC;
             CREATE SCHEMA shop AUTHORIZATION {StoreOwner.Name};
             """);
        using var store = DocumentStore.For(options =>
        {
            options.Connection(database.ConnectionString);
            options.DatabaseSchemaName = "shop";
            options.Events.TenancyStyle = tenancy;
            options.UseTimePartitionedEvents(events => events.ByTenant = byTenant);
            if (tenancy == TenancyStyle.Conjoined)
                options.Policies.AllDocumentsAreMultiTenanted();
        });

        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        var tenant = tenancy == TenancyStyle.Conjoined ? "north" : null;
        await store.SaveAsync(
            session => session.Events.StartStream<Parcel>(Guid.NewGuid(), new ParcelRegistered("Here")), tenant);

        (await new PartitionMaintenance(store).RunAsync()).ShouldAllBe(report => !report.IsIncomplete);
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Fact]
    public async Task settings_of_its_database_do_not_matter()
    {
        await using var database = await TestDatabase.CreateAsync();
        foreach (var setting in (string[])
        [
            "search_path = ''", "TimeZone = 'America/St_Johns'", "DateStyle = 'German, DMY'",
            "IntervalStyle = 'sql_standard'",
            "plan_cache_mode = 'force_generic_plan'", "extra_float_digits = 0", "bytea_output = 'escape'",
            "check_function_bodies = on", "client_min_messages = debug1", "transform_null_equals = on",
            "enable_partition_pruning = off",
        ])
            await database.DataSource.ExecuteAsync($"ALTER DATABASE {database.Name} SET {setting}");
        database.DataSource.Clear();
        using var store = DocumentStore.For(options =>
        {
            options.Connection(database.ConnectionString);
            options.UseTimePartitionedEvents();
        });

        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await store.SaveAsync(session => session.Events.StartStream<Parcel>(new ParcelRegistered("Here")));

        (await new PartitionMaintenance(store).RunAsync()).ShouldAllBe(report => !report.IsIncomplete);
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }
}
