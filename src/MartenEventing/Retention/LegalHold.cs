namespace MartenEventing.Retention;

/// <summary>A legal hold: nothing it touches is removed until it is lifted.</summary>
public sealed record LegalHold
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    /// <summary>What it is on.</summary>
    public required LegalHoldKind Kind { get; init; }

    /// <summary>The stream or tenant; null for a range.</summary>
    public string? Value { get; init; }

    /// <summary>The tenant whose stream of this id alone is meant; null for that of any.</summary>
    public string? Tenant { get; init; }

    /// <summary>The first instant of the range; null: open.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The first instant no longer in the range; null: open.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>By whom it was placed.</summary>
    public required string PlacedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>By whom it was lifted; null while it stands.</summary>
    public string? LiftedBy { get; init; }

    /// <summary>When it was lifted; null while it stands.</summary>
    public DateTimeOffset? LiftedAt { get; init; }
}
