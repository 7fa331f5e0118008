using MartenEventing.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
        services.AddHostedService<PartitionMaintenanceService>();
        return services;
    }
}
