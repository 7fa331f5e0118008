using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Projections;
using MartenEventing.Marten.Rebuilding;

namespace MartenEventing.Tests.Rebuilding;

/// <summary>Retention beside a rebuild, which has no progress while it reads the history again.</summary>
public sealed class RebuildBesideRetentionTests
{
    [Fact]
    public async Task retention_waits_for_a_rebuild_that_has_begun()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var gate = new Gate();
        var store = database.Partitioned(options => options.Projections.Add(
            new SlowProjection(gate), ProjectionLifecycle.Async, "Slow",
            projection =>
            {
                projection.DeleteViewTypeOnTeardown<Parcel>();
                projection.BatchSize = 1;
                projection.MaximumHopperSize = 1;
            }));
        await History.AppendAsync(database, store);
        using (var daemon = await store.BuildProjectionDaemonAsync())
        {
            gate.Open.SetResult();
            await daemon.StartAllAsync();
            await daemon.WaitForNonStaleData(TimeSpan.FromMinutes(1));
            await daemon.StopAllAsync();
        }

        gate.Reset();
        var rebuild = new ProjectionRebuild(store).RunAsync();
        await gate.Entered.Task.WaitAsync(TimeSpan.FromMinutes(1));
        var dropped = await History.DropAsync(database, months: 3);
        gate.Open.SetResult();
        await rebuild;

        await using var session = store.QuerySession();
        (await session.Query<Parcel>().CountAsync()).ShouldBe(4);
        dropped.ShouldBeEmpty();
        (await History.DropAsync(database, months: 3)).ShouldNotBeEmpty();
    }

    private sealed class Gate
    {
        public TaskCompletionSource Open { get; private set; } = new();

        public TaskCompletionSource Entered { get; private set; } = new();

        public void Reset() => (Open, Entered) = (new(), new());
    }

    private sealed class SlowProjection(Gate gate) : IProjection
    {
        public async Task ApplyAsync(
            IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
        {
            gate.Entered.TrySetResult();
            await gate.Open.Task.WaitAsync(TimeSpan.FromMinutes(1), cancellation);
            operations.Store(events.Where(e => e.Data is ParcelRegistered)
                .Select(e => new Parcel { Id = e.StreamId, Address = ((ParcelRegistered)e.Data).Address }).ToArray());
        }
    }
}
