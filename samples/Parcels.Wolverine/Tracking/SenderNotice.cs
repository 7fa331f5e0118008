namespace Parcels.Api.Tracking;

/// <summary>What the sender of a parcel was told.</summary>
public sealed record SenderNotice
{
    /// <summary>The parcel.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who was told.</summary>
    public required string Sender { get; init; }

    /// <summary>What was said.</summary>
    public required string Text { get; init; }
}
