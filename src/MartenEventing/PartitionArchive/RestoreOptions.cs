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
    /// Whether to take an archive that the database has no note of: one of another database, of which this is a copy,
    /// for instance. Default false. One that is noted in another state is never taken.
    /// </summary>
    public bool FromOtherDatabase { get; init; }

    /// <summary>Told after every file. Default null.</summary>
    public IProgress<ArchiveProgress>? Progress { get; init; }
}
