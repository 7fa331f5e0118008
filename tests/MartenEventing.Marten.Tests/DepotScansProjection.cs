using Marten.Events.Projections;

namespace MartenEventing.Tests;

/// <summary>Counts the scans of each depot, over all streams.</summary>
public sealed partial class DepotScansProjection : MultiStreamProjection<DepotScans, string>
{
    public DepotScansProjection() => Identity<ParcelScanned>(scanned => scanned.Depot);

    public void Apply(ParcelScanned _, DepotScans depot) => depot.Scans++;
}
