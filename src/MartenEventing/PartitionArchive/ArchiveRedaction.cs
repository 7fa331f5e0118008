namespace MartenEventing.PartitionArchive;

/// <summary>The record of an erasure from a partition archive. It does not name the stream.</summary>
public sealed record ArchiveRedaction
{
    /// <summary>When it was done.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>SHA-256 of the tenant (empty where tenants share the streams), a line feed and the stream.</summary>
    public required string StreamSha256 { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>Who has done it.</summary>
    public required string By { get; init; }

    /// <summary>How many events were erased.</summary>
    public required long Events { get; init; }

    /// <summary>The root of the events before.</summary>
    public required string FormerRoot { get; init; }

    /// <summary>The files that were replaced, and are no more.</summary>
    public required IReadOnlyList<string> ReplacedFiles { get; init; }
}
