using MartenEventing.Partitioning;
using MartenEventing.Retention;
using MartenEventing.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MartenEventing.Hosting.Tests;

/// <summary>The code of docs/retention.md and docs/partitions.md; a test of the pages finds it here.</summary>
public sealed class PageCodeTests
{
    [Fact]
    public void the_code_about_retention_by_the_clock_runs()
    {
        var services = new ServiceCollection();

        services.AddPartitionMaintenance(options =>
            options.Retention = new RetentionOptions { OlderThan = RetentionAge.Parse("24mo") });

        Options(services).Retention!.OlderThan.ShouldBe(RetentionAge.Parse("24mo"));
    }

    [Fact]
    public void the_code_about_maintenance_in_an_application_runs()
    {
        var services = new ServiceCollection();

        services.AddPartitionMaintenance();
        services.AddPartitionMaintenance(maintenance =>
            maintenance.Partitions = maintenance.Partitions with { RollUpInto = PartitionPeriod.Year });

        services.AddPartitionMaintenance(maintenance =>
            maintenance.Partitions = maintenance.Partitions with { PartitionsAtMost = 24 });

        Options(services).Partitions.ShouldBe(
            new PartitionOptions { RollUpInto = PartitionPeriod.Year, PartitionsAtMost = 24 });
    }

    private static PartitionMaintenanceOptions Options(ServiceCollection services) =>
        services.BuildServiceProvider().GetRequiredService<IOptions<PartitionMaintenanceOptions>>().Value;
}
