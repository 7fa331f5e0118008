using JasperFx.Events;
using Marten.Events.Aggregation;

namespace MartenEventing.Benchmarks.Applications.Domain;

/// <summary>The state of a parcel, worked out from its stream whenever it is asked for.</summary>
public sealed record TrackedParcel
{
    /// <summary>The stream.</summary>
    public Guid Id { get; init; }

    /// <summary>How many events there are.</summary>
    public int Events { get; init; }

    /// <summary>Where it was last.</summary>
    public string Depot { get; init; } = "";
}

/// <summary>One step of a parcel.</summary>
internal sealed class TrackedParcelProjection : SingleStreamProjection<TrackedParcel, Guid>
{
    /// <inheritdoc/>
    public override TrackedParcel? Evolve(TrackedParcel? snapshot, Guid id, IEvent e)
    {
        var before = snapshot ?? new TrackedParcel { Id = id };
        return before with { Events = before.Events + 1, Depot = ((ParcelEvent)e.Data).Depot };
    }
}
