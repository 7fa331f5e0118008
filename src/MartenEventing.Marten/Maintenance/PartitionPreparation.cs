using Microsoft.Extensions.Hosting;

namespace MartenEventing.Marten.Maintenance;

/// <summary>Stops the host from starting on events that are not laid out as configured.</summary>
internal sealed class PartitionPreparation(PartitionMaintenance maintenance) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => maintenance.PrepareAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
