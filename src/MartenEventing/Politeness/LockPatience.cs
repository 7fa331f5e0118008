namespace MartenEventing.Politeness;

/// <summary>How long locks are waited for, and how often.</summary>
/// <param name="LockTimeout">How long a step waits for its locks, and others behind it.</param>
/// <param name="BackOff">How long it stays away when it did not get them, doubled each time up to ten times
/// this.</param>
internal sealed record LockPatience(TimeSpan LockTimeout, TimeSpan BackOff)
{
    /// <summary>After how long without them it gives up; null for never.</summary>
    public TimeSpan? GiveUpAfter { get; init; }

    /// <summary>After how many attempts; null for any number.</summary>
    public int? Attempts { get; init; }
}
