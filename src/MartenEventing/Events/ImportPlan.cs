namespace MartenEventing.Events;

/// <summary>What an import would store.</summary>
public sealed record ImportPlan
{
    /// <summary>The most streams that are counted: 1,000,000.</summary>
    public const int MostStreams = 1_000_000;

    /// <summary>The name under which the import would be remembered.</summary>
    public required string Source { get; init; }

    /// <summary>Lines of the input.</summary>
    public required long Lines { get; init; }

    /// <summary>Of these, lines that were done before by earlier runs.</summary>
    public required long LinesDoneBefore { get; init; }

    /// <summary>Lines that would be set aside.</summary>
    public required long InvalidLines { get; init; }

    /// <summary>Events that would be stored.</summary>
    public required long Events { get; init; }

    /// <summary>Streams they belong to; counted up to <see cref="MostStreams"/>.</summary>
    public required int Streams { get; init; }

    /// <summary>The time of the earliest event; null when there is none.</summary>
    public required DateTimeOffset? Earliest { get; init; }

    /// <summary>The time of the latest event; null when there is none.</summary>
    public required DateTimeOffset? Latest { get; init; }

    /// <summary>Partitions that would be made for events of the past.</summary>
    public required IReadOnlyList<string> PartitionsToMake { get; init; }

    /// <summary>Events too old for a partition of their own (<see cref="ImportOptions.HistoryPeriods"/>).</summary>
    public required long EventsInHead { get; init; }

    /// <summary>The statements: those before the first batch, and those of each batch.</summary>
    public required IReadOnlyList<string> Sql { get; init; }
}
