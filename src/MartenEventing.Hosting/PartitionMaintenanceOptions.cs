using MartenEventing.Partitioning;
using MartenEventing.Retention;

namespace MartenEventing.Hosting;

/// <summary>When and how the background service maintains the partitions of a store.</summary>
public sealed class PartitionMaintenanceOptions
{
    /// <summary>The schema of the store. Default <c>public</c>.</summary>
    public string SchemaName { get; set; } = "public";

    /// <summary>
    /// The time from one pass to the next, give or take a tenth so that many instances do not march in step: one second
    /// to seven days. Default one hour. The first pass begins when the host starts.
    /// </summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// What is kept how long. Default null: everything for ever, and nothing runs. An <c>IArchiveStorage</c> among the
    /// services takes partition archives of what is removed, encrypted if there is an <c>ArchiveKey</c>, too.
    /// </summary>
    public RetentionOptions? Retention { get; set; }

    /// <summary>
    /// The time from one run of retention to the next, likewise: one minute to 31 days. Default one day.
    /// </summary>
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How the partitions are looked after.</summary>
    public PartitionOptions Partitions { get; set; } = new();
}
