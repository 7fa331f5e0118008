namespace MartenEventing.Tests;

/// <summary>A parcel of a store whose streams have strings for identities.</summary>
public sealed class NamedParcel : IParcel
{
    public string Id { get; set; } = "";

    public int Version { get; set; }

    public string Address { get; set; } = "";

    public int Scans { get; set; }

    public bool Delivered { get; set; }

    public void Apply(ParcelRegistered registered) => Address = registered.Address;

    public void Apply(ParcelScanned _) => Scans++;

    public void Apply(ParcelDelivered _) => Delivered = true;
}
