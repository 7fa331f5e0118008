namespace MartenEventing.Tests;

public sealed record ParcelRegistered(string Address);

public sealed record ParcelScanned(string Depot);

public sealed record ParcelDelivered;

/// <summary>An aggregate and a document: what a parcel has been through.</summary>
public sealed class Parcel : IParcel
{
    public Guid Id { get; set; }

    public int Version { get; set; }

    public string Address { get; set; } = "";

    public int Scans { get; set; }

    public bool Delivered { get; set; }

    public void Apply(ParcelRegistered registered) => Address = registered.Address;

    public void Apply(ParcelScanned _) => Scans++;

    public void Apply(ParcelDelivered _) => Delivered = true;
}
