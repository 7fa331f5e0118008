namespace MartenEventing.PartitionArchive;

/// <summary>How a partition archive is restored.</summary>
public sealed record RestoreOptions
{
    /// <summary>
    /// The table to make of the archive, in the store's schema, beside the events and read-only. Default null: the
    /// events come back in their place.
    /// </summary>
    public string? AsTable { get; init; }

    /// <summary>
    /// Whether to take an archive of another database: a copy of this one, on another server for instance. Default
    /// false.
    /// </summary>
    public bool FromOtherDatabase { get; init; }

    /// <summary>Told after every file. Default null.</summary>
    public IProgress<ArchiveProgress>? Progress { get; init; }
}
