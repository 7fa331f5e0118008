using MartenEventing.Politeness;
using MartenEventing.Schema;

namespace MartenEventing.Partitioning;

/// <summary>How a store's partitions are looked after.</summary>
public sealed record PartitionOptions
{
    /// <summary>The length of new partitions. Default null: as long as the newest one is.</summary>
    public PartitionPeriod? Period { get; init; }

    /// <summary>How many periods after the current one exist beforehand: 0 to 1000. Default 3.</summary>
    public int PeriodsAhead { get; init; } = 3;

    /// <summary>How long after its end a partition is sealed: 0 to 3,650 days. Default 7 days.</summary>
    public TimeSpan SealGrace { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// The longer period that old partitions are merged into, so that their number stays small; must be longer
    /// than theirs. Default null: they stay as they are.
    /// </summary>
    public PartitionPeriod? RollUpInto { get; init; }

    /// <summary>
    /// How long after its end such a period is rolled up, at least <see cref="SealGrace"/>: 0 to 36,500 days. Default
    /// 365 days.
    /// </summary>
    public TimeSpan RollUpAge { get; init; } = TimeSpan.FromDays(365);

    /// <summary>
    /// How many partitions there may be: beyond, the oldest sealed ones become years, and where that is not enough
    /// quarters, months, weeks, as soon as such a period is over and all of it sealed. 10 to 10,000; of each tenant,
    /// where each has its own. Default null: as many as come. Leave it null where retention goes by time: a partition
    /// goes as a whole, once its last event may go.
    /// </summary>
    public int? PartitionsAtMost { get; init; }

    /// <summary>
    /// How long maintenance waits for a lock, and others behind it: 10 milliseconds to one minute. Default one second.
    /// </summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a lock is tried for before a step is left to the next pass: 1 to 100. Default 5.</summary>
    public int LockAttempts { get; init; } = 5;

    /// <summary>
    /// How long maintenance stays away after it did not get a lock, doubled each time up to ten times this, with
    /// jitter: 1 millisecond to one minute. Default one second.
    /// </summary>
    public TimeSpan LockBackOff { get; init; } = TimeSpan.FromSeconds(1);

    internal LockPatience LockPatience => new(LockTimeout, LockBackOff) { Attempts = LockAttempts };

    /// <summary>
    /// How old the statistics of <c>mt_events</c> as a whole may become, which autovacuum never renews: one minute to
    /// 3,650 days. Default one day.
    /// </summary>
    public TimeSpan AnalyzeInterval { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Checks all options.</summary>
    /// <exception cref="ArgumentException">
    /// An option is out of its range; the message names it, its value and the range.
    /// </exception>
    public PartitionOptions Validated()
    {
        Require(
            Period is null || Enum.IsDefined(Period.Value),
            nameof(Period),
            Period,
            "Day, Week, Month, Quarter, Year, null");
        Require(PeriodsAhead is >= 0 and <= 1000, nameof(PeriodsAhead), PeriodsAhead, "0 to 1000");
        RequireBetween(SealGrace, TimeSpan.Zero, TimeSpan.FromDays(3650), nameof(SealGrace));
        Require(
            RollUpInto is null || Enum.IsDefined(RollUpInto.Value),
            nameof(RollUpInto),
            RollUpInto,
            "Day, Week, Month, Quarter, Year, null");
        Require(PartitionsAtMost is null or (>= 10 and <= 10_000), nameof(PartitionsAtMost), PartitionsAtMost,
            "10 to 10000, null");
        RequireBetween(RollUpAge, TimeSpan.Zero, TimeSpan.FromDays(36500), nameof(RollUpAge));
        RequireBetween(LockTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1), nameof(LockTimeout));
        Require(LockAttempts is >= 1 and <= 100, nameof(LockAttempts), LockAttempts, "1 to 100");
        RequireBetween(LockBackOff, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1), nameof(LockBackOff));
        RequireBetween(AnalyzeInterval, TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650), nameof(AnalyzeInterval));
        return this;
    }

    private static void RequireBetween(TimeSpan value, TimeSpan least, TimeSpan most, string option) =>
        Require(value >= least && value <= most, option, value, $"{least:c} to {most:c}");

    private static void Require(bool condition, string option, object? value, string allowed)
    {
        if (!condition)
        {
            throw new ArgumentException(
                $"{nameof(PartitionOptions)}.{option} is \"{value}\". Allowed: {allowed}.", option);
        }

    }
}
