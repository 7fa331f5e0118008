namespace MartenEventing.PartitionArchive;

/// <summary>An event read from a partition archive.</summary>
public sealed record ArchivedEvent
{
    /// <summary>The archive that it lies in.</summary>
    public required string Archive { get; init; }

    /// <summary>Its <c>seq_id</c>.</summary>
    public required long Sequence { get; init; }

    /// <summary>Its stream: the uuid, or the text.</summary>
    public string? Stream { get; init; }

    /// <summary>Its tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>Its version in the stream.</summary>
    public required long Version { get; init; }

    /// <summary>The alias of its type.</summary>
    public required string Type { get; init; }

    /// <summary>Its time, in UTC as PostgreSQL prints it: <c>2026-11-21 05:20:14.5+00</c>, or an infinity.</summary>
    public required string Timestamp { get; init; }

    /// <summary>All its columns that are not NULL, as one line of JSON.</summary>
    public required string Line { get; init; }
}
