using Marten;
using MartenEventing.Maintenance;
using MartenEventing.Marten.Maintenance;
using Wolverine;
using Wolverine.ErrorHandling;
using Wolverine.Runtime.Handlers;

namespace Parcels.Api.Maintenance;

/// <summary>Runs one pass and schedules the next.</summary>
public static class MaintainPartitionsHandler
{
    /// <summary>A pass that throws is tried again for as long as it takes: else it would be the last.</summary>
    public static void Configure(HandlerChain chain) =>
        chain.OnAnyException().ScheduleRetryIndefinitely(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10));

    /// <summary>Runs one pass, unless it is not this message's turn.</summary>
    public static async Task<DeliveryMessage<MaintainPartitions>?> Handle(
        MaintainPartitions message,
        IDocumentSession session,
        PartitionMaintenance maintenance,
        MaintenanceSettings settings,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var turn = await session.LoadAsync<MaintenanceTurn>(MaintenanceTurn.TheOne, cancellation);
        if (turn?.Next != message.Turn)
            return null;

        await maintenance.RunAsync(cancellation);
        var next = Guid.CreateVersion7();
        session.Store(new MaintenanceTurn { Next = next, LastPassAt = time.GetUtcNow() });
        return new MaintainPartitions(next).DelayedFor(settings.Interval);
    }
}
