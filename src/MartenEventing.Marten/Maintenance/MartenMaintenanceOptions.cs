using MartenEventing.Partitioning;
using MartenEventing.Retention;

namespace MartenEventing.Marten.Maintenance;

/// <summary>When and how the partitions of a Marten store are maintained.</summary>
public sealed class MartenMaintenanceOptions
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(7);
    private static readonly TimeSpan ShortestRetentionInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestRetentionInterval = TimeSpan.FromDays(31);

    /// <summary>
    /// Whether a hosted service does it. Default true. False leaves it to the application, which has a <see
    /// cref="PartitionMaintenance"/> among its services for that.
    /// </summary>
    public bool RunInBackground { get; set; } = true;

    /// <summary>
    /// The time from one round to the next, give or take a tenth so that many instances do not march in step: one
    /// second to seven days. Default one hour. The first round begins when the host starts.
    /// </summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How the partitions are looked after. <see cref="PartitionOptions.Period"/> and <see
    /// cref="PartitionOptions.PeriodsAhead"/> are those of <see cref="TimePartitionedEvents"/>, whatever is said here.
    /// </summary>
    public PartitionOptions Partitions { get; set; } = new();

    /// <summary>
    /// What is kept how long. Default null: everything for ever. Where the store has several databases, each archives
    /// into a folder of its own within <see cref="RetentionOptions.ArchiveDirectory"/>.
    /// </summary>
    public RetentionOptions? Retention { get; set; }

    /// <summary>
    /// The time from one run of retention to the next, likewise: one minute to 31 days. Default one day.
    /// </summary>
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromDays(1);

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal MartenMaintenanceOptions Validated()
    {
        Require(Interval, ShortestInterval, LongestInterval, nameof(Interval));
        Require(RetentionInterval, ShortestRetentionInterval, LongestRetentionInterval, nameof(RetentionInterval));
        Partitions.Validated();
        Retention?.Validated(beside: Partitions);
        return this;
    }

    private static void Require(TimeSpan value, TimeSpan least, TimeSpan most, string name)
    {
        if (value < least || value > most)
            throw new ArgumentException(
                $"{nameof(MartenMaintenanceOptions)}.{name} is \"{value}\". Allowed: {least:c} to {most:c}.", name);
    }
}
