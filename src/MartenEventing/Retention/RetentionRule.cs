namespace MartenEventing.Retention;

/// <summary>
/// An age of their own for the streams that match: exactly one of event type, stream type, tenant and header says
/// which. Where several rules match a stream the longest age counts; where none does, the policy's.
/// </summary>
public sealed record RetentionRule
{
    /// <summary>Streams with an event of this type, as Marten names it: <c>parcel_delivered</c>.</summary>
    public string? EventType { get; init; }

    /// <summary>Streams of this type, as in <c>mt_streams.type</c>.</summary>
    public string? StreamType { get; init; }

    /// <summary>Streams of this tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>Streams with an event that has this header: <c>name</c>, or <c>name=value</c>.</summary>
    public string? Header { get; init; }

    /// <summary>How old the newest event must be. Default null: the streams are kept for ever.</summary>
    public RetentionAge? Age { get; init; }

    internal string Kind => EventType is not null ? "event_type"
        : StreamType is not null ? "stream_type" : Tenant is not null ? "tenant" : "header";

    internal string? HeaderName => Header?.Split('=', 2)[0];

    internal string? Value =>
        EventType ?? StreamType ?? Tenant ?? (Header!.Split('=', 2) is [_, var value] ? value : null);

    internal bool IsValid =>
        new[] { EventType, StreamType, Tenant, Header }.Count(name => name is not null) == 1
        && !string.IsNullOrEmpty(Header is null ? Value : HeaderName) && Age is null or { IsValid: true };

    /// <summary>The rule in words.</summary>
    public override string ToString() =>
        $"{Kind.Replace('_', ' ')} {EventType ?? StreamType ?? Tenant ?? Header}: {Age?.ToString() ?? "for ever"}";
}
