namespace MartenEventing.Conversion;

/// <summary>The latest row of <c>mt_conversion</c>.</summary>
internal sealed record ConversionEntry
{
    public ConversionState State { get; init; }

    public ConversionWay? Way { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public long CopiedEventCount { get; init; }

    public long? ExpectedEventCount { get; init; }

    /// <summary>Whether a start has begun that can still be taken back: it goes on in the way it was begun.</summary>
    public bool IsUnderWay =>
        State is not (ConversionState.None or ConversionState.Completed or ConversionState.Returned);

    /// <summary>Whether the plain table is, or is about to be again, the whole of it, kept beside a copy.</summary>
    public bool HasTwoCopies => IsUnderWay && Way == ConversionWay.Shadow;
}
