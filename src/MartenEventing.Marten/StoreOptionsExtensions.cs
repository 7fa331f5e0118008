using Marten;
using MartenEventing.Marten.Modeling;

namespace MartenEventing.Marten;

/// <summary>Partitions Marten's events by time.</summary>
public static class StoreOptionsExtensions
{
    /// <summary>
    /// Has the events of this store lie in one table a period. Appends, projections and queries are used as before;
    /// schema checks and migrations know the partitioned table. Settings that cannot be combined with it are refused. A
    /// database whose events are plain is never rebuilt: see <see
    /// cref="TimePartitionedEvents.WhenPlain"/>. Add <c>AddPartitionMaintenance()</c> so that partitions are made
    /// ahead.
    /// </summary>
    /// <param name="options">The store. May be configured further afterwards.</param>
    /// <param name="configure">Default: months, three of them ahead.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static StoreOptions UseTimePartitionedEvents(
        this StoreOptions options, Action<TimePartitionedEvents>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var events = PartitionedModel.Find(options)?.Events ?? new TimePartitionedEvents();
        configure?.Invoke(events);
        events.ToPartitionOptions();
        PartitionedModel.Install(options, events);
        return options;
    }
}
