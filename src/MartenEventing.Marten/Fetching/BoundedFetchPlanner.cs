using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Marten;
using Marten.Events;
using Marten.Events.Fetching;
using Marten.Events.Projections;

namespace MartenEventing.Marten.Fetching;

/// <summary>
/// Has Marten's own plan for live aggregates read the partitions of a stream's life only. All other plans, and those of
/// Martens that are not as expected, are left to Marten.
/// </summary>
internal sealed class BoundedFetchPlanner(TimePartitionedEvents events) : IFetchPlanner
{
    private static readonly MethodInfo? AllPlanners = typeof(ProjectionOptions).GetMethod(
        "allPlanners", BindingFlags.Instance | BindingFlags.NonPublic, []);

    private readonly StreamSpans _spans = new();

    public bool TryMatch<TDoc, TId>(
        IEventIdentityStrategy<TId> identity, StoreOptions options,
        [NotNullWhen(true)] out IAggregateFetchPlan<TDoc, TId>? plan) where TDoc : class where TId : notnull
    {
        plan = null;
        if (!events.BoundFetches || identity is null)  // named by a natural key
            return false;
        foreach (var planner in Others(options))
            if (IsMartensOfLiveAggregates(planner))
                return TryBound(planner, identity, options, out plan);
            else if (planner.TryMatch(identity, options, out plan))
                return true;
        return false;
    }

    private bool TryBound<TDoc, TId>(
        IFetchPlanner planner, IEventIdentityStrategy<TId> identity, StoreOptions options,
        [NotNullWhen(true)] out IAggregateFetchPlan<TDoc, TId>? plan) where TDoc : class where TId : notnull
    {
        var bounded = new BoundedIdentity<TId>(identity, StreamTable.Of(options), events.Period);
        plan = planner.TryMatch<TDoc, TId>(bounded, options, out var own)
            ? new BoundedFetchPlan<TDoc, TId>(own, _spans, events.Period)
            : null;
        return plan is not null;
    }

    private static bool IsMartensOfLiveAggregates(IFetchPlanner planner) =>
        planner.GetType() is { Name: "LiveFetchPlanner" } type && type.Assembly == typeof(StoreOptions).Assembly;

    private IEnumerable<IFetchPlanner> Others(StoreOptions options) =>
        (AllPlanners?.Invoke(options.Projections, null) as IEnumerable<IFetchPlanner>)?.Where(other => other != this)
        ?? [];
}
