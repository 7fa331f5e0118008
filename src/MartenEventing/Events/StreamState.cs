namespace MartenEventing.Events;

/// <summary>What the store tells of a stream without reading its events.</summary>
public sealed record StreamState
{
    /// <summary>The stream.</summary>
    public required StreamId Stream { get; init; }

    /// <summary>The version of its last event.</summary>
    public required long Version { get; init; }

    /// <summary>Its type, Marten's alias of the aggregate; may be null.</summary>
    public string? Type { get; init; }

    /// <summary>When it was made, or its first event if that is older and was imported.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset LastUpdated { get; init; }

    /// <summary>True when it is archived, in Marten's sense, and takes no more events.</summary>
    public bool IsArchived { get; init; }
}
