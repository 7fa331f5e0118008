using JasperFx.Events.Daemon;
using Marten;
using MartenEventing;
using MartenEventing.Marten;
using MartenEventing.Schema;
using Microsoft.Extensions.DependencyInjection;
using Parcels.Api.Maintenance;
using Wolverine.Marten;

namespace Parcels.Api;

/// <summary>The event store of the application.</summary>
public static class ParcelStore
{
    /// <summary>
    /// Adds Marten on the connection string <c>Parcels</c>, its events partitioned by month, its outbox, the async
    /// daemon and the upkeep of the partitions.
    /// </summary>
    public static void AddParcelStore(this WebApplicationBuilder builder)
    {
        var maintenance = builder.Configuration.GetSection("Maintenance").Get<MaintenanceSettings>() ?? new();

        var marten = builder.Services
            .AddMarten(Options)
            .UseLightweightSessions()
            .ApplyAllDatabaseChangesOnStartup()
            .IntegrateWithWolverine()
            .AddAsyncDaemon(DaemonMode.Solo);

        marten.AddPartitionMaintenance(options =>
        {
            options.Interval = maintenance.Interval;
            options.RunInBackground = maintenance.Mode == MaintenanceMode.HostedService;
        });
        builder.Services.AddSingleton(maintenance);
        if (maintenance.Mode == MaintenanceMode.Messages)
            builder.Services.AddHostedService<MaintenanceStarter>();
    }

    private static StoreOptions Options(IServiceProvider services)
    {
        var options = new StoreOptions();
        options.Connection(ParcelDatabase.ConnectionString(services.GetRequiredService<IConfiguration>()));
        options.UseTimePartitionedEvents(events =>
        {
            events.Period = PartitionPeriod.Month;
            events.PeriodsAhead = 3;
        });
        return options.AddParcels();
    }
}
