using Marten;
using Wolverine.Marten;

namespace Parcels.Api.Maintenance;

/// <summary>Sends the first message of maintenance when the process has started.</summary>
/// <param name="scopes">Where the session and its outbox come from.</param>
public sealed class MaintenanceStarter(IServiceScopeFactory scopes) : IHostedLifecycleService
{
    /// <summary>Sends a message and makes it the next one, whatever was scheduled before.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var outbox = scope.ServiceProvider.GetRequiredService<IMartenOutbox>();
        var session = outbox.Session!;
        var first = Guid.CreateVersion7();
        session.Store(new MaintenanceTurn { Next = first });
        await outbox.PublishAsync(new MaintainPartitions(first));
        await session.SaveChangesAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
