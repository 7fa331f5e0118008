namespace Parcels.Tracking;

/// <summary>What has to be known of a parcel to decide about it; made of its events.</summary>
public sealed record Parcel
{
    /// <summary>The parcel, which is also its stream.</summary>
    public required Guid Id { get; init; }

    /// <summary>The number of its events so far.</summary>
    public long Version { get; init; }

    /// <summary>Who sends it.</summary>
    public required string Sender { get; init; }

    /// <summary>Where it is in its life.</summary>
    public ParcelState State { get; init; }

    /// <summary>The depot that saw it last; null before the first scan.</summary>
    public Guid? LastDepotId { get; init; }

    /// <summary>When its last event happened.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>A parcel begins.</summary>
    public static Parcel Create(ParcelRegistered registered) =>
        new() { Id = registered.ParcelId, Sender = registered.Sender, UpdatedAt = registered.At };

    /// <summary>It has been seen at a depot.</summary>
    public Parcel Apply(ParcelScanned scanned) => this with
    {
        State = ParcelState.InTransit,
        LastDepotId = scanned.DepotId,
        UpdatedAt = scanned.At,
    };

    /// <summary>It has been handed over.</summary>
    public Parcel Apply(ParcelDelivered delivered) =>
        this with { State = ParcelState.Delivered, UpdatedAt = delivered.At };

    /// <summary>It has been sent back.</summary>
    public Parcel Apply(ParcelReturned returned) =>
        this with { State = ParcelState.Returned, UpdatedAt = returned.At };
}
