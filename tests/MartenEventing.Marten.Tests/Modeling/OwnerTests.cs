using JasperFx.Events.Projections;
using JasperFx.MultiTenancy;
using Marten;
using MartenEventing.Maintenance;
using MartenEventing.Retention;

namespace MartenEventing.Tests.Modeling;

/// <summary>Managed servers give no more than ownership.</summary>
public sealed class OwnerTests
{
    [Theory]
    [InlineData(TenancyStyle.Single, false)]
    [InlineData(TenancyStyle.Conjoined, false)]
    [InlineData(TenancyStyle.Conjoined, true)]
    public async Task an_owner_without_superuser_rights_migrates_writes_and_maintains(TenancyStyle tenancy, bool byTenant)
    {
        await using var database = await OwnedDatabase.CreateAsync();
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
}
