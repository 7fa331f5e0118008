namespace MartenEventing.PartitionArchive;

/// <summary>What goes into a partition archive: a partition, or a range of time.</summary>
public sealed record ArchiveSelection
{
    /// <summary>The partition's name. Default null: the range.</summary>
    public string? Partition { get; init; }

    /// <summary>The first instant of the range. Default null: open towards the past.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The first instant no longer in the range. Default null: open towards the future.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The tenant whose events alone are wanted. Default null: those of all tenants.</summary>
    public string? Tenant { get; init; }

    /// <summary>
    /// The archive's name: 1 to 100 letters, digits, dots, dashes and underscores, not beginning with a dot. Default
    /// null: that of the partition or range, with a number behind it where there is an archive of that name already.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// A table whose rows name the streams that alone are wanted, as <c>mt_streams</c> does (tenant_id, id); SQL.
    /// </summary>
    internal string? StreamTable { get; init; }
}
