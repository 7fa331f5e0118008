using MartenEventing.Politeness;
using MartenEventing.Schema;

namespace MartenEventing.Conversion;

/// <summary>How a conversion is done.</summary>
public sealed record ConversionOptions
{
    /// <summary>
    /// The way. A conversion under way goes on in the one it was begun in. Default <see cref="ConversionWay.Attach"/>.
    /// </summary>
    public ConversionWay Way { get; init; } = ConversionWay.Attach;

    /// <summary>The length of the partitions. Default one month.</summary>
    public PartitionPeriod Period { get; init; } = PartitionPeriod.Month;

    /// <summary>How many periods after the current one exist after the swap: 0 to 1000. Default 3.</summary>
    public int PeriodsAhead { get; init; } = 3;

    /// <summary>
    /// How long a step waits for its locks all together, and writers behind it: 1 millisecond to one second, which is
    /// when the server looks for deadlocks. Default 100 milliseconds.
    /// </summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long it stays away when it did not get a lock, doubled each time up to ten times this, with jitter: 1
    /// millisecond to one minute. Default 250 milliseconds.
    /// </summary>
    public TimeSpan LockBackOff { get; init; } = TimeSpan.FromMilliseconds(250);

    internal LockPatience LockPatience => new(LockTimeout, LockBackOff) { GiveUpAfter = GiveUpAfter };

    /// <summary>
    /// After how long without its locks a step gives up; so long each wait of a concurrent index build may last, too.
    /// Default one hour; null: never.
    /// </summary>
    public TimeSpan? GiveUpAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How many events a batch of splitting, merging or copying takes at most: 1 to 100,000. Default 5,000.
    /// </summary>
    public int BatchSize { get; init; } = 5_000;

    /// <summary>
    /// How long a batch may hold up others; batches become smaller until they take no longer: 5 milliseconds to one
    /// minute. Default 50 milliseconds.
    /// </summary>
    public TimeSpan BatchPause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The share of time that batches take, the rest is left to others: 0.01 to 1. Default 0.2.</summary>
    public double BatchShare { get; init; } = 0.2;

    /// <summary>
    /// Events before this instant's period stay in the head when it is split, and go into it when they are copied.
    /// Default null: as far back as events go, at most 240 periods.
    /// </summary>
    public DateTimeOffset? SplitSince { get; init; }

    /// <summary>
    /// Whether a way back or the completion of a conversion by <see cref="ConversionWay.Shadow"/> drops the one copy
    /// of the events even where the other holds other events; without that they are not even compared. Default false.
    /// </summary>
    public bool AcceptDifferences { get; init; }

    /// <summary>
    /// Whether the BEFORE row triggers of others on <c>mt_events</c> are known to leave <c>timestamp</c> alone: where
    /// one changes it so that the event belongs in another partition, PostgreSQL refuses the event. Default false: such
    /// triggers stand in the way of a conversion.
    /// </summary>
    public bool AcceptTriggers { get; init; }

    /// <summary>Checks all options.</summary>
    /// <exception cref="ArgumentException">
    /// An option is out of its range; the message names it, its value and the range.
    /// </exception>
    public ConversionOptions Validated()
    {
        Require(Enum.IsDefined(Way), nameof(Way), Way, string.Join(", ", Enum.GetNames<ConversionWay>()));
        Require(Enum.IsDefined(Period), nameof(Period), Period, string.Join(", ", Enum.GetNames<PartitionPeriod>()));
        Require(PeriodsAhead is >= 0 and <= 1000, nameof(PeriodsAhead), PeriodsAhead, "0 to 1000");
        RequireBetween(LockTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1), nameof(LockTimeout));
        RequireBetween(LockBackOff, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1), nameof(LockBackOff));
        Require(GiveUpAfter is null || GiveUpAfter >= TimeSpan.Zero, nameof(GiveUpAfter), GiveUpAfter,
            "0 or more, null");
        Require(BatchSize is >= 1 and <= 100_000, nameof(BatchSize), BatchSize, "1 to 100000");
        RequireBetween(BatchPause, TimeSpan.FromMilliseconds(5), TimeSpan.FromMinutes(1), nameof(BatchPause));
        Require(BatchShare is >= 0.01 and <= 1, nameof(BatchShare), BatchShare, "0.01 to 1");
        return this;
    }

    private static void RequireBetween(TimeSpan value, TimeSpan least, TimeSpan most, string option) =>
        Require(value >= least && value <= most, option, value, $"{least:c} to {most:c}");

    private static void Require(bool condition, string option, object? value, string allowed)
    {
        if (!condition)
            throw new ArgumentException(
                $"{nameof(ConversionOptions)}.{option} is \"{value}\". Allowed: {allowed}.", option);
    }
}
