using System.Text.Json;

namespace MartenEventing.Events;

/// <summary>An event as it is stored.</summary>
public sealed record StoredEvent
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>Its place in the order of all events (<c>seq_id</c>).</summary>
    public required long Sequence { get; init; }

    /// <summary>The event's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its stream.</summary>
    public required StreamId Stream { get; init; }

    /// <summary>Its place in the stream, from 1 on.</summary>
    public required long Version { get; init; }

    /// <summary>The alias of its type.</summary>
    public required string Type { get; init; }

    /// <summary>When it happened, in UTC; also what partition it lies in.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Its body, a JSON document.</summary>
    public required string Data { get; init; }

    /// <summary>The .NET type Marten reads it into.</summary>
    public string? DotNetType { get; init; }

    /// <summary>What the event belongs to.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>What caused the event.</summary>
    public string? CausationId { get; init; }

    /// <summary>Who did it.</summary>
    public string? UserName { get; init; }

    /// <summary>Further metadata, a JSON object.</summary>
    public string? Headers { get; init; }

    /// <summary>True when its stream is archived, in Marten's sense.</summary>
    public bool IsArchived { get; init; }

    /// <summary>The tenant; <c>*DEFAULT*</c> in a store of one tenant.</summary>
    public string? TenantId { get; init; }

    /// <summary>The body as an object, read by System.Text.Json.</summary>
    /// <param name="options">How to read it. Default: camelCase, any case.</param>
    /// <exception cref="JsonException">The body does not fit.</exception>
    public T? Deserialize<T>(JsonSerializerOptions? options = null) =>
        JsonSerializer.Deserialize<T>(Data, options ?? Web);
}
