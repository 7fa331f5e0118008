using JasperFx.Events.Daemon;
using Marten;
using MartenEventing;
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
    /// <exception cref="InvalidOperationException">There is no connection string <c>Parcels</c>.</exception>
    public static void AddParcelStore(this WebApplicationBuilder builder)
    {
        var connectionString = builder.Configuration.GetConnectionString("Parcels")
            ?? throw new InvalidOperationException(
                "There is no connection string Parcels. Set ConnectionStrings__Parcels, or ConnectionStrings:Parcels "
                + "in appsettings.json.");
        var maintenance = builder.Configuration.GetSection("Maintenance").Get<MaintenanceSettings>() ?? new();

        var marten = builder.Services
            .AddMarten(options =>
            {
                options.Connection(connectionString);
                options.UseTimePartitionedEvents(events =>
                {
                    events.Period = PartitionPeriod.Month;
                    events.PeriodsAhead = 3;
                });
                options.AddParcels();
            })
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
}
