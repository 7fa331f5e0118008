namespace MartenEventing.PartitionArchive;

/// <summary>What restoring a partition archive has done.</summary>
public sealed record RestoreReport
{
    /// <summary>The archive's name.</summary>
    public required string Archive { get; init; }

    /// <summary>The partition or table the events came into; <c>mt_events</c> where it is several.</summary>
    public required string Target { get; init; }

    /// <summary>How many events came back.</summary>
    public required long Events { get; init; }

    /// <summary>How many had not left.</summary>
    public long EventsThere { get; init; }

    /// <summary>How many streams had gone and are there again.</summary>
    public long NewStreams { get; init; }

    /// <summary>What could not be brought back, as sentences.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
