using System.Reflection;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Storage;

namespace MartenEventing.Marten.Rebuilding;

/// <summary>
/// The event after which Marten would begin to rebuild a projection: its stored floor, or what it was told by
/// <c>SubscribeFromSequence</c> or <c>SubscribeFromTime</c>. Only Marten knows, and it does not publish its answer;
/// versions that have none begin with the first event.
/// </summary>
internal static class RebuildFloor
{
    private static readonly MethodInfo? Determine = typeof(AsyncOptions).GetMethod(
        "DetermineRebuildFloorAsync", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public,
        [typeof(ShardName), typeof(IEventDatabase), typeof(CancellationToken)]);

    /// <summary>The lowest of its shards' floors.</summary>
    public static async Task<long> ReadAsync(
        IProjectionSource<IDocumentOperations, IQuerySession> source,
        IMartenDatabase database,
        CancellationToken cancellationToken)
    {
        var floors = new List<long>();
        foreach (var shard in Determine is null ? [] : source.Shards())
            floors.Add(await (Task<long>)Determine!.Invoke(shard.Options, [shard.Name, database, cancellationToken])!);
        return floors.DefaultIfEmpty(0).Min();
    }
}
