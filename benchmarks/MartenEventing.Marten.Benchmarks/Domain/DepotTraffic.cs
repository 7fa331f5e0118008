using JasperFx.Events;
using Marten.Events.Projections;

namespace MartenEventing.Benchmarks.Applications.Domain;

/// <summary>A document of the async daemon: what has passed a depot.</summary>
public sealed record DepotTraffic
{
    /// <summary>The depot.</summary>
    public string Id { get; init; } = "";

    /// <summary>How many events happened there.</summary>
    public long Events { get; init; }
}

/// <summary>Counts every event; the few documents make reading the events the larger part of the work.</summary>
internal sealed class DepotTrafficProjection : MultiStreamProjection<DepotTraffic, string>
{
    public const string ProjectionName = "depot_traffic";

    public DepotTrafficProjection()
    {
        Name = ProjectionName;
        Identity<ParcelEvent>(e => e.Depot);
    }

    /// <inheritdoc/>
    public override DepotTraffic? Evolve(DepotTraffic? snapshot, string id, IEvent e)
    {
        var before = snapshot ?? new DepotTraffic { Id = id };
        return before with { Events = before.Events + 1 };
    }
}
