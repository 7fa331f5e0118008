using JasperFx.Events.Aggregation;

namespace MartenEventing.Tests;

public sealed record ParcelLabel(string Value);

public sealed record ParcelLabeled(ParcelLabel Label);

/// <summary>A parcel that is found by what is printed on its label.</summary>
public sealed class LabeledParcel
{
    public Guid Id { get; set; }

    [NaturalKey]
    public ParcelLabel? Label { get; set; }

    public int Scans { get; set; }

    [NaturalKeySource]
    public void Apply(ParcelLabeled labeled) => Label = labeled.Label;

    public void Apply(ParcelScanned _) => Scans++;
}
