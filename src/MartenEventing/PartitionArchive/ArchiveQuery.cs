namespace MartenEventing.PartitionArchive;

/// <summary>Which events are looked for in partition archives: those that fit all that is given.</summary>
public sealed record ArchiveQuery
{
    /// <summary>Of this stream: its uuid (in lower case, with dashes) or its text. Default null: any.</summary>
    public string? Stream { get; init; }

    /// <summary>Of this tenant. Default null: any.</summary>
    public string? Tenant { get; init; }

    /// <summary>Of one of these types. Default none: any.</summary>
    public IReadOnlyCollection<string> Types { get; init; } = [];

    /// <summary>At this instant or later. Default null: since ever.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this instant. Default null: for ever.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>With this sequence or a higher one. Default null: from the first.</summary>
    public long? FirstSequence { get; init; }

    /// <summary>With this sequence or a lower one. Default null: to the last.</summary>
    public long? LastSequence { get; init; }
}
