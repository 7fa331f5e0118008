using MartenEventing.Hosting;
using MartenEventing.Maintenance;
using MartenEventing.PartitionArchive;
using MartenEventing.Retention;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds partition maintenance to an application.</summary>
public static class PartitionMaintenanceServiceCollectionExtensions
{
    /// <summary>
    /// Adds a background service that maintains the partitions of one store. Any number of instances may have it: one
    /// does the work. It uses the <see cref="NpgsqlDataSource"/> and, where there is one, the <see
    /// cref="TimeProvider"/> of the services. Options out of range stop the host from starting.
    /// </summary>
    public static IServiceCollection AddPartitionMaintenance(
        this IServiceCollection services, Action<PartitionMaintenanceOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<PartitionMaintenanceOptions>().Configure(configure ?? (_ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor
            .Singleton<IValidateOptions<PartitionMaintenanceOptions>, PartitionMaintenanceOptionsValidation>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IHostedService>(CreateService);
        services.AddSingleton<IHostedService>(CreateRetention);
        return services;
    }

    private static RetentionService CreateRetention(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<PartitionMaintenanceOptions>>().Value;
        var time = services.GetRequiredService<TimeProvider>();
        var logger = services.GetRequiredService<ILogger<RetentionService>>();
        var retention = options.Retention is { RemovesAnything: true } policies
            ? new StoreRetention(
                services.GetRequiredService<NpgsqlDataSource>(), options.SchemaName, policies, time, logger)
            {
                ArchiveStorage = services.GetService<IArchiveStorage>(), ArchiveKey = services.GetService<ArchiveKey>(),
            }
            : null;
        return new RetentionService(
            retention is null ? null : async token => [await retention.ApplyAsync(token)],
            options.SchemaName, options.RetentionInterval, time, logger);
    }

    private static PartitionMaintenanceService CreateService(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<PartitionMaintenanceOptions>>().Value;
        var time = services.GetRequiredService<TimeProvider>();
        var logger = services.GetRequiredService<ILogger<PartitionMaintenanceService>>();
        var dataSource = services.GetRequiredService<NpgsqlDataSource>();
        var pass = new MaintenancePass(dataSource, options.SchemaName, options.Partitions, time, logger);
        return new PartitionMaintenanceService(
            async token => [await pass.RunAsync(token)], options.SchemaName, options.Interval, time, logger);
    }
}
