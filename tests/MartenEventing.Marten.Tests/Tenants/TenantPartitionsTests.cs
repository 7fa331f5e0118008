using JasperFx.Events;
using JasperFx.Events.Projections;
using JasperFx.MultiTenancy;
using Marten;
using MartenEventing.Maintenance;
using MartenEventing.Marten;
using MartenEventing.Marten.Maintenance;
using MartenEventing.Schema;
using Weasel.Core;

namespace MartenEventing.Tests.Tenants;

/// <summary>Marten on a store in which each tenant has partitions of its own.</summary>
public sealed class TenantPartitionsTests
{
    [Theory]
    [InlineData(EventAppendMode.Rich)]
    [InlineData(EventAppendMode.Quick)]
    [InlineData(EventAppendMode.QuickWithServerTimestamps)]
    public async Task tenants_append_read_and_are_projected_one_of_them_new(EventAppendMode mode)
    {
        await using var database = await MartenDatabase.CreateAsync();
        var store = Store(database, options =>
        {
            options.Events.AppendMode = mode;
            options.SnapshotParcels(SnapshotLifecycle.Async);
        });
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        var stream = Guid.NewGuid();
        await SaveAsync(store, "north", session =>
            session.Events.StartStream<Parcel>(stream, new ParcelRegistered("Here"), new ParcelScanned("A")));
        await SaveAsync(store, "south", session =>
        {
            session.Events.StartStream<Parcel>(stream, new ParcelRegistered("There"));
            session.Events.StartStream<Parcel>(new ParcelRegistered("Elsewhere"));
        });
        await SaveAsync(store, "north", session => session.Events.Append(stream, new ParcelScanned("B")));
        using var daemon = await store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleData(TimeSpan.FromMinutes(1));

        (await database.DataSource.ColumnAsync<string>("SELECT tenant FROM mt_tenants()"))
            .ShouldBe(["*DEFAULT*", "north", "south"]);
        (await database.DataSource.ColumnAsync<bool>(
            "SELECT bool_and(starts_with(e.tableoid::regclass::text, t.part::text)) FROM mt_events e JOIN " +
            "mt_tenants() t ON t.tenant = e.tenant_id"))
            .ShouldBe([true]);
        await using var north = store.LightweightSession("north");
        (await north.Events.FetchStreamAsync(stream)).Select(e => e.Version).ShouldBe([1, 2, 3]);
        (await north.LoadAsync<Parcel>(stream))!.Scans.ShouldBe(2);
        await using var south = store.LightweightSession("south");
        (await south.Events.AggregateStreamAsync<Parcel>(stream))!.Address.ShouldBe("There");
        (await south.Events.QueryAllRawEvents().CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task after_an_apply_and_first_writes_and_maintenance_nothing_differs()
    {
        await using var database = await MartenDatabase.CreateAsync();
        var store = Store(database);
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        foreach (var tenant in new[] { "o'hara", "north, south", "east" })
            await SaveAsync(store, tenant, session => session.Events.StartStream<Parcel>(new ParcelRegistered("Here")));
        (await new PartitionMaintenance(store).RunAsync()).ShouldAllBe(report => !report.IsIncomplete);

        var another = Store(database);
        (await another.Storage.Database.ApplyAllConfiguredChangesToDatabaseAsync()).ShouldBe(
            SchemaPatchDifference.None);
        await another.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Fact]
    public async Task a_store_made_by_db_apply_is_taken_as_it_is()
    {
        await using var database = await MartenDatabase.CreateAsync();
        await new SchemaMigrator(
            database.DataSource, new SchemaOptions { Tenancy = EventTenancy.Conjoined, PartitionByTenant = true })
                .ApplyAsync();
        var store = Store(database, options =>
        {
            options.Events.MetadataConfig.EnableAll();
        });

        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await SaveAsync(store, "north", session => session.Events.StartStream<Parcel>(new ParcelRegistered("Here")));

        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(1);
    }

    [Fact]
    public async Task cleaning_removes_events_and_then_all_and_the_next_append_makes_all_anew()
    {
        await using var database = await MartenDatabase.CreateAsync();
        var store = Store(database);
        await SaveAsync(store, "north", session => session.Events.StartStream<Parcel>(new ParcelRegistered("Here")));

        await store.Advanced.Clean.DeleteAllEventDataAsync();
        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(0);
        await store.Advanced.Clean.CompletelyRemoveAllAsync();
        await SaveAsync(
            Store(database), "north", session => session.Events.StartStream<Parcel>(new ParcelRegistered("Here")));

        (await database.DataSource.ColumnAsync<string>("SELECT tenant FROM mt_tenants()")).ShouldBe(
            ["*DEFAULT*", "north"]);
    }

    [Fact]
    public async Task without_conjoined_tenancy_and_on_partitions_that_tenants_share_it_is_refused()
    {
        await using var database = await MartenDatabase.CreateAsync();
        (await Should.ThrowAsync<IncompatibleEventsException>(() =>
            Store(database, options => options.Events.TenancyStyle = TenancyStyle.Single)
                .Storage.ApplyAllConfiguredChangesToDatabaseAsync())).Setting.ShouldBe("Events.TenancyStyle");
        await database.Partitioned(options => options.Events.TenancyStyle = TenancyStyle.Conjoined)
            .Storage.ApplyAllConfiguredChangesToDatabaseAsync();

        (await Should.ThrowAsync<IncompatibleEventsException>(() =>
            Store(database).Storage.ApplyAllConfiguredChangesToDatabaseAsync())).Setting.ShouldBe(
                "The table public.mt_events");
    }

    private static DocumentStore Store(MartenDatabase database, Action<StoreOptions>? configure = null) =>
        database.Plain(options =>
        {
            options.Events.TenancyStyle = TenancyStyle.Conjoined;
            options.Policies.AllDocumentsAreMultiTenanted();
            options.UseTimePartitionedEvents(events => events.ByTenant = true);
            configure?.Invoke(options);
        });

    private static async Task SaveAsync(IDocumentStore store, string tenant, Action<IDocumentSession> write)
    {
        await using var session = store.LightweightSession(tenant);
        write(session);
        await session.SaveChangesAsync();
    }
}
