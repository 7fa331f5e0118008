namespace MartenEventing.Tests;

/// <summary>What parcels have in common, by whatever identity.</summary>
public interface IParcel
{
    int Version { get; }

    string Address { get; }

    int Scans { get; }

    bool Delivered { get; }
}
