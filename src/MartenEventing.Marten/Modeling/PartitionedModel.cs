using System.Runtime.CompilerServices;
using JasperFx.Events.Daemon;
using Marten;
using Marten.Schema;
using MartenEventing.Marten.Fetching;
using MartenEventing.Schema;
using Weasel.Core.Migrations;
using Weasel.Postgresql.Tables;

namespace MartenEventing.Marten.Modeling;

/// <summary>
/// Has Marten's model of the events describe the partitioned table. The model may be touched only once the store is
/// configured to the end, because reading it freezes it; and must be before it is used. Marten builds the mapping of
/// its dead letters at just that moment, and asks the policies for documents about it: this is one.
/// </summary>
internal sealed class PartitionedModel(StoreOptions options, TimePartitionedEvents events) : IDocumentPolicy
{
    private static readonly ConditionalWeakTable<StoreOptions, PartitionedModel> Installed = [];

    private readonly Lock _gate = new();
    private bool _applied;

    public TimePartitionedEvents Events => events;

    /// <summary>The model of this store; null when it is not partitioned by time.</summary>
    public static PartitionedModel? Find(StoreOptions options) =>
        Installed.TryGetValue(options, out var model) ? model : null;

    /// <summary>Does nothing when it has been done.</summary>
    public static void Install(StoreOptions options, TimePartitionedEvents events)
    {
        if (Find(options) is not null)
            return;
        var model = new PartitionedModel(options, events);
        Installed.Add(options, model);
        options.Policies.OnDocuments(model);
        options.Projections.FetchPlanners.Add(new BoundedFetchPlanner());
    }

    void IDocumentPolicy.Apply(DocumentMapping mapping)
    {
        if (mapping.DocumentType == typeof(DeadLetterEvent))
            Apply();
    }

    /// <summary>Changes the model, once.</summary>
    /// <exception cref="IncompatibleEventsException">The store is configured otherwise, too.</exception>
    public void Apply()
    {
        lock (_gate)
        {
            if (_applied)
                return;
            StoreConfiguration.RequireCompatible(options, events);
            var setup = new StoreSetup(StoreConfiguration.SchemaOf(options, events), events.PeriodsAhead);
            var objects = ((IFeatureSchema)options.Events).Objects;
            for (var i = 0; i < objects.Length; i++)
            {
                objects[i] = objects[i] switch
                {
                    Table { Identifier.Name: "mt_events" } table =>
                        new PartitionedEventsTable(
                            StoreConfiguration.RequireCompatible(table), setup, events.WhenPlain),
                    Table table when TagTable.IsTagTable(table) => new TagTable(table),
                    var other => other,
                };
            }

            _applied = true;
        }
    }
}
