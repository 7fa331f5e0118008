using Marten;
using MartenEventing.Hosting;
using MartenEventing.Maintenance;
using MartenEventing.Marten.Maintenance;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using static Marten.MartenServiceCollectionExtensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds partition maintenance to applications on Marten.</summary>
public static class MartenMaintenanceExtensions
{
    /// <summary>
    /// Has the partitions of the store maintained, in all its databases, and checks when the host starts that they are
    /// there. Any number of instances may have it: one does the work. A <see cref="PartitionMaintenance"/> is among the
    /// services afterwards.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static MartenConfigurationExpression AddPartitionMaintenance(
        this MartenConfigurationExpression marten, Action<MartenMaintenanceOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(marten);
        var options = Options(configure);
        marten.Services.TryAddSingleton(TimeProvider.System);
        marten.Services.AddSingleton(services =>
            Create(services, services.GetRequiredService<IDocumentStore>(), options));
        AddHostedService(marten.Services, options, services => services.GetRequiredService<PartitionMaintenance>());
        return marten;
    }

    /// <summary>
    /// The same for a store beside the main one. Its <see cref="PartitionMaintenance"/> is among the services under the
    /// key <c>typeof(T)</c>.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static MartenStoreExpression<T> AddPartitionMaintenance<T>(
        this MartenStoreExpression<T> marten, Action<MartenMaintenanceOptions>? configure = null)
        where T : class, IDocumentStore
    {
        ArgumentNullException.ThrowIfNull(marten);
        var options = Options(configure);
        marten.Services.TryAddSingleton(TimeProvider.System);
        marten.Services.AddKeyedSingleton(
            typeof(T), (services, _) => Create(services, services.GetRequiredService<T>(), options));
        AddHostedService(
            marten.Services, options, services => services.GetRequiredKeyedService<PartitionMaintenance>(typeof(T)));
        return marten;
    }

    private static MartenMaintenanceOptions Options(Action<MartenMaintenanceOptions>? configure)
    {
        var options = new MartenMaintenanceOptions();
        configure?.Invoke(options);
        return options.Validated();
    }

    private static PartitionMaintenance Create(
        IServiceProvider services, IDocumentStore store, MartenMaintenanceOptions options) =>
        new(store, options.Partitions, services.GetRequiredService<TimeProvider>(),
            services.GetService<ILogger<PartitionMaintenance>>());

    private static void AddHostedService(
        IServiceCollection services,
        MartenMaintenanceOptions options,
        Func<IServiceProvider, PartitionMaintenance> maintenance)
    {
        services.AddSingleton<IHostedService>(provider => new PartitionPreparation(maintenance(provider)));
        if (options.RunInBackground)
            services.AddSingleton<IHostedService>(provider => new PartitionMaintenanceService(
                maintenance(provider).RunAsync, "of Marten", options.Interval,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<PartitionMaintenance>>()));
        if (options is { RunInBackground: true, Retention: { RemovesAnything: true } policies })
            services.AddSingleton<IHostedService>(provider => new RetentionService(
                token => maintenance(provider).ApplyRetentionAsync(policies, token), "of Marten",
                options.RetentionInterval,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<PartitionMaintenance>>()));
    }
}
