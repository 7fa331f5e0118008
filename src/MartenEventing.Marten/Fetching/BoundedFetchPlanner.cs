using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Marten;
using Marten.Events;
using Marten.Events.Fetching;
using Marten.Events.Projections;

namespace MartenEventing.Marten.Fetching;

/// <summary>
/// Has Marten's own plans for live and async aggregates read the partitions of a stream's life only. All other plans,
/// and those of Martens that are not as expected, are left to Marten.
/// </summary>
internal sealed class BoundedFetchPlanner : IFetchPlanner
{
    private static readonly MethodInfo? AllPlanners = typeof(ProjectionOptions).GetMethod(
        "allPlanners", BindingFlags.Instance | BindingFlags.NonPublic, []);

    public bool TryMatch<TDoc, TId>(
        IEventIdentityStrategy<TId> identity, StoreOptions options,
        [NotNullWhen(true)] out IAggregateFetchPlan<TDoc, TId>? plan) where TDoc : class where TId : notnull
    {
        plan = null;
        if (identity is null || BoundedStreams.Of(options) is not { } streams)  // no identity: named by a natural key
            return false;
        var bounded = new BoundedIdentity<TId>(identity, streams);
        foreach (var planner in Others(options))
            if (planner.TryMatch(IsMartens(planner, "LiveFetchPlanner") ? bounded : identity, options, out plan))
            {
                if (IsMartens(planner, "AsyncFetchPlanner"))
                    AsyncFetches.Bound(plan, options, streams);
                return true;
            }

        return false;
    }

    private static bool IsMartens(IFetchPlanner planner, string name) =>
        planner.GetType() is var type && type.Name == name && type.Assembly == typeof(StoreOptions).Assembly;

    private IEnumerable<IFetchPlanner> Others(StoreOptions options) =>
        (AllPlanners?.Invoke(options.Projections, null) as IEnumerable<IFetchPlanner>)?.Where(other => other != this)
        ?? [];
}
