namespace MartenEventing.PartitionArchive;

/// <summary>A file of a partition archive: chunks, one after the other.</summary>
public sealed record ArchiveFile
{
    /// <summary>Its name within the archive.</summary>
    public required string Name { get; init; }

    /// <summary>Its length.</summary>
    public required long Bytes { get; init; }

    /// <summary>SHA-256 of all of it, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>How many lines it has.</summary>
    public required long Rows { get; init; }

    /// <summary>The lowest sequence of its events; null in other tables.</summary>
    public long? FirstSequence { get; init; }

    /// <summary>The highest sequence of its events.</summary>
    public long? LastSequence { get; init; }

    /// <summary>Its chunks, in their order.</summary>
    public required IReadOnlyList<ArchiveChunk> Chunks { get; init; }
}
