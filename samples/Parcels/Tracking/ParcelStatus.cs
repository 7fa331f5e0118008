namespace Parcels.Tracking;

/// <summary>What people ask about a parcel; written with its events, in one transaction.</summary>
public sealed record ParcelStatus
{
    /// <summary>The parcel.</summary>
    public required Guid Id { get; init; }

    /// <summary>The number of its events so far: what to give back with the next command.</summary>
    public long Version { get; init; }

    /// <summary>Who sends it.</summary>
    public required string Sender { get; init; }

    /// <summary>Who is to get it.</summary>
    public required string Recipient { get; init; }

    /// <summary>Where it goes.</summary>
    public required string Destination { get; init; }

    /// <summary>Where it is in its life.</summary>
    public ParcelState State { get; init; }

    /// <summary>The depot that saw it last; null before the first scan.</summary>
    public Guid? LastDepotId { get; init; }

    /// <summary>How often it has been scanned.</summary>
    public int Scans { get; init; }

    /// <summary>Who signed for it; null unless it has been delivered.</summary>
    public string? SignedBy { get; init; }

    /// <summary>Why it went back; null unless it has been returned.</summary>
    public string? ReturnReason { get; init; }

    /// <summary>When its last event happened.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
