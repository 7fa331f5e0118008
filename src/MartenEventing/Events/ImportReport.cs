namespace MartenEventing.Events;

/// <summary>What an import stored.</summary>
public sealed record ImportReport
{
    /// <summary>The name under which the import is remembered.</summary>
    public required string Source { get; init; }

    /// <summary>Lines of the input, blank and invalid ones and those of earlier runs included.</summary>
    public required long Lines { get; init; }

    /// <summary>Of these, lines that were done before by earlier runs.</summary>
    public required long LinesDoneBefore { get; init; }

    /// <summary>Lines that were set aside.</summary>
    public required long InvalidLines { get; init; }

    /// <summary>Events stored.</summary>
    public required long Events { get; init; }

    /// <summary>Streams that there were no events of before.</summary>
    public required long NewStreams { get; init; }

    /// <summary>The time of the earliest event stored; null when there is none.</summary>
    public required DateTimeOffset? Earliest { get; init; }

    /// <summary>The time of the latest event stored; null when there is none.</summary>
    public required DateTimeOffset? Latest { get; init; }

    /// <summary>Partitions made for events of the past.</summary>
    public required IReadOnlyList<string> PartitionsMade { get; init; }

    /// <summary>Events too old for a partition of their own (<see cref="ImportOptions.HistoryPeriods"/>).</summary>
    public required long EventsInHead { get; init; }
}
