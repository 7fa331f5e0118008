using MartenEventing.Partitioning;

namespace MartenEventing.Maintenance;

/// <summary>When and how the partitions of a Marten store are maintained.</summary>
public sealed class MartenMaintenanceOptions
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(7);

    /// <summary>
    /// Whether a hosted service does it. Default true. False leaves it to the application, which has a <see
    /// cref="PartitionMaintenance"/> among its services for that.
    /// </summary>
    public bool RunInBackground { get; set; } = true;

    /// <summary>
    /// The time from one round to the next, give or take a tenth so that many instances do not march in step: one second
    /// to seven days. Default one hour. The first round begins when the host starts.
    /// </summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How the partitions are looked after. <see cref="PartitionOptions.Period"/> and <see
    /// cref="PartitionOptions.PeriodsAhead"/> are those of <see cref="TimePartitionedEvents"/>, whatever is said here.
    /// </summary>
    public PartitionOptions Partitions { get; set; } = new();

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal MartenMaintenanceOptions Validated()
    {
        if (Interval < ShortestInterval || Interval > LongestInterval)
            throw new ArgumentException(
                $"{nameof(MartenMaintenanceOptions)}.{nameof(Interval)} is \"{Interval}\". "
                + $"Allowed: {ShortestInterval:c} to {LongestInterval:c}.", nameof(Interval));
        Partitions.Validated();
        return this;
    }
}
