namespace MartenEventing.Tests;

/// <summary>How many parcels a depot has scanned.</summary>
public sealed class DepotScans
{
    public string Id { get; set; } = "";

    public int Scans { get; set; }
}
