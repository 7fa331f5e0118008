using JasperFx.Events.Aggregation;

namespace MartenEventing.Tests;

/// <summary>What a depot holds, over all streams whose events bear its tag.</summary>
[BoundaryAggregate]
public sealed class DepotLoad
{
    public int Scans { get; set; }

    public void Apply(ParcelScanned _) => Scans++;
}
