namespace MartenEventing.Partitioning;

/// <summary>How long locks are waited for.</summary>
/// <param name="LockTimeout">How long a step waits for its locks, and others behind it.</param>
/// <param name="BackOff">How long it stays away when it did not get them, doubled each time up to ten times
/// this.</param>
/// <param name="GiveUpAfter">After how long without them it gives up; null for never.</param>
internal sealed record Politeness(TimeSpan LockTimeout, TimeSpan BackOff, TimeSpan? GiveUpAfter);
