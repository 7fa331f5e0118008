namespace MartenEventing.PartitionArchive;

/// <summary>A part of a file that is compressed and encrypted on its own.</summary>
public sealed record ArchiveChunk
{
    /// <summary>How many bytes it takes up in the file.</summary>
    public required int Bytes { get; init; }

    /// <summary>SHA-256 of these bytes, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>How many bytes its lines have.</summary>
    public required int ContentBytes { get; init; }

    /// <summary>SHA-256 of its lines: a leaf of the table's tree.</summary>
    public required string ContentSha256 { get; init; }

    /// <summary>How many lines it has.</summary>
    public required long Rows { get; init; }

    /// <summary>The lowest sequence of its events; null in other tables.</summary>
    public long? FirstSequence { get; init; }

    /// <summary>The highest sequence of its events.</summary>
    public long? LastSequence { get; init; }

    /// <summary>
    /// The time of its earliest event in microseconds since 2000-01-01 UTC; -2^63 and 2^63 - 1 are the infinities.
    /// </summary>
    public long? Earliest { get; init; }

    /// <summary>The time of its latest event, likewise.</summary>
    public long? Latest { get; init; }
}
