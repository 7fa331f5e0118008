using MartenEventing.Politeness;
using MartenEventing.Partitioning;

namespace MartenEventing.Retention;

/// <summary>
/// What is kept how long. Without a policy everything is kept for ever; of several policies the one that removes most
/// counts.
/// </summary>
public sealed record RetentionOptions
{
    /// <summary>Streams go whose newest event is older than this. Default null: no policy by age.</summary>
    public RetentionAge? OlderThan { get; init; }

    /// <summary>
    /// Only so many partitions whose time is over are kept: 1 to 10,000. Default null: no policy by count.
    /// </summary>
    public int? KeepLast { get; init; }

    /// <summary>
    /// The oldest partitions go until all take up no more than this many bytes. Default null: no policy by size.
    /// </summary>
    public long? MaxSize { get; init; }

    /// <summary>Nothing younger than this is removed, whatever the policies and rules say. Default 30 days.</summary>
    public RetentionAge MinimumAge { get; init; } = new(30, RetentionUnit.Day);

    /// <summary>Ages of their own for streams that match. Default: none.</summary>
    public IReadOnlyList<RetentionRule> Rules { get; init; } = [];

    /// <summary>
    /// Partitions go whatever lives in them: streams lose their old events. For logs whose streams are never read from
    /// their beginning. Default false: a stream is kept whole or removed whole.
    /// </summary>
    public bool Cut { get; init; }

    /// <summary>
    /// What lets events go although their stream lives, because something newer stands for them. Default null: nothing.
    /// </summary>
    public RetentionCoverage? Covered { get; init; }

    /// <summary>
    /// What is kept how long of single tenants: for a tenant named here its own options count, and none of the others'.
    /// Only where each tenant has partitions of its own. Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, RetentionOptions> Tenants { get; init; } =
        new Dictionary<string, RetentionOptions>();

    /// <summary>
    /// The folder in which partition archives of what is removed are written first; another place is
    /// <see cref="StoreRetention.ArchiveStorage"/>. Default null: none.
    /// </summary>
    public string? ArchiveDirectory { get; init; }

    /// <summary>How long after its end a partition may go at the earliest: 0 to 3,650 days. Default 7 days.</summary>
    public TimeSpan SealGrace { get; init; } = new PartitionOptions().SealGrace;

    /// <summary>
    /// How long a step waits for its locks, and others behind it: 1 millisecond to one second, which is when the server
    /// looks for deadlocks. Default 100 milliseconds.
    /// </summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long it stays away when it did not get a lock, doubled each time up to ten times this, with jitter: 1
    /// millisecond to one minute. Default 250 milliseconds.
    /// </summary>
    public TimeSpan LockBackOff { get; init; } = TimeSpan.FromMilliseconds(250);

    internal LockPatience LockPatience => new(LockTimeout, LockBackOff) { GiveUpAfter = GiveUpAfter };

    /// <summary>
    /// After how long without its locks a step gives up, and leaves the rest to the next run. Default 10 minutes; null:
    /// never.
    /// </summary>
    public TimeSpan? GiveUpAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many events a batch moves into the head at most: 1 to 100,000. Default 5,000.</summary>
    public int BatchSize { get; init; } = 5_000;

    /// <summary>The share of time that batches take, the rest is left to others: 0.01 to 1. Default 0.2.</summary>
    public double BatchShare { get; init; } = 0.2;

    /// <summary>Whether anything is ever removed.</summary>
    public bool RemovesAnything =>
        OlderThan is not null || KeepLast is not null || MaxSize is not null || Rules.Any(rule => rule.Age is not null)
        || Tenants.Values.Any(own => own.RemovesAnything);

    /// <summary>The options that count for a tenant; null stands for all that have none of their own.</summary>
    internal RetentionOptions Of(string? tenant) =>
        tenant is not null && Tenants.TryGetValue(tenant, out var own) ? own : this;

    /// <summary>Checks all options.</summary>
    /// <exception cref="ArgumentException">
    /// An option is out of its range; the message names it, its value and the range.
    /// </exception>
    public RetentionOptions Validated()
    {
        const string ages = "an age: 90d, 12w, 24mo, 5y";
        Require(OlderThan is null or { IsValid: true }, nameof(OlderThan), OlderThan, ages);
        Require(KeepLast is null or (>= 1 and <= 10_000), nameof(KeepLast), KeepLast, "1 to 10000, null");
        Require(MaxSize is null or > 0, nameof(MaxSize), MaxSize, "more than 0 bytes, null");
        Require(MinimumAge.IsValid, nameof(MinimumAge), MinimumAge, ages);
        foreach (var rule in Rules)
            Require(rule.IsValid, nameof(Rules), rule,
                "exactly one of event type, stream type, tenant, header; an age or none");
        Require(!Cut || (Rules.Count == 0 && Covered is null), nameof(Cut), Cut,
            "false where there are rules or coverage");
        Require(Covered is null or { IsValid: true }, nameof(Covered), Covered,
            "compacted, or tables with their columns");
        Require(ArchiveDirectory is null or { Length: > 0 }, nameof(ArchiveDirectory), ArchiveDirectory,
            "a folder, null");
        foreach (var (tenant, own) in Tenants)
            Require(own.Validated().Tenants.Count == 0, $"{nameof(Tenants)}[{tenant}].{nameof(Tenants)}",
                own.Tenants.Count, "none");
        RequireBetween(SealGrace, TimeSpan.Zero, TimeSpan.FromDays(3650), nameof(SealGrace));
        RequireBetween(LockTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1), nameof(LockTimeout));
        RequireBetween(LockBackOff, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1), nameof(LockBackOff));
        Require(GiveUpAfter is null || GiveUpAfter >= TimeSpan.Zero, nameof(GiveUpAfter), GiveUpAfter,
            "0 or more, null");
        Require(BatchSize is >= 1 and <= 100_000, nameof(BatchSize), BatchSize, "1 to 100000");
        Require(BatchShare is >= 0.01 and <= 1, nameof(BatchShare), BatchShare, "0.01 to 1");
        return this;
    }

    /// <summary>
    /// Checks all options, and that partitions looked after beside are not merged when they are many: a merged one goes
    /// only once its last event may go.
    /// </summary>
    /// <exception cref="ArgumentException">Likewise.</exception>
    public RetentionOptions Validated(PartitionOptions beside)
    {
        ArgumentNullException.ThrowIfNull(beside);
        if (Validated().RemovesAnything && beside.PartitionsAtMost is { } most)
            throw new ArgumentException(
                $"{nameof(PartitionOptions)}.{nameof(PartitionOptions.PartitionsAtMost)} is \"{most}\" beside "
                + "retention. Allowed: null, because a merged partition goes only once its last event may go, up to a "
                + "year later.",
                nameof(PartitionOptions.PartitionsAtMost));
        return this;
    }

    private static void RequireBetween(TimeSpan value, TimeSpan least, TimeSpan most, string option) =>
        Require(value >= least && value <= most, option, value, $"{least:c} to {most:c}");

    private static void Require(bool condition, string option, object? value, string allowed)
    {
        if (!condition)
            throw new ArgumentException(
                $"{nameof(RetentionOptions)}.{option} is \"{value}\". Allowed: {allowed}.", option);
    }
}
