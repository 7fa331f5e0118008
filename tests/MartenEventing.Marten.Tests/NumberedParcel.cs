namespace MartenEventing.Tests;

public readonly record struct ParcelNumber(Guid Value);

/// <summary>A parcel whose id has a type of its own.</summary>
public sealed class NumberedParcel
{
    public ParcelNumber? Id { get; set; }

    public int Scans { get; set; }

    public void Apply(ParcelScanned _) => Scans++;
}
