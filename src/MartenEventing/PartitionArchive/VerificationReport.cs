namespace MartenEventing.PartitionArchive;

/// <summary>What looking at a partition archive has shown.</summary>
public sealed record VerificationReport
{
    /// <summary>The archive.</summary>
    public required ArchiveManifest Manifest { get; init; }

    /// <summary>What is wrong; empty when all is as it was written.</summary>
    public required IReadOnlyList<ArchiveProblem> Problems { get; init; }

    /// <summary>
    /// Files that lie with it and are not part of it: left by a writing that was broken off. Harmless.
    /// </summary>
    public IReadOnlyList<string> Strays { get; init; } = [];

    /// <summary>
    /// Whether the lines were read; false for an encrypted archive without its key, of which only the stored bytes
    /// were.
    /// </summary>
    public required bool IsContentChecked { get; init; }

    /// <summary>Whether it was compared with the database.</summary>
    public bool IsCompared { get; init; }

    /// <summary>How many events were compared with the database and are the same.</summary>
    public long EventsCompared { get; init; }

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsSound => Problems.Count == 0;
}
