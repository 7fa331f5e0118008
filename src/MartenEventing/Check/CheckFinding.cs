namespace MartenEventing.Check;

/// <summary>What one check of a store has found.</summary>
/// <param name="Check">Its name.</param>
/// <param name="Found">How many there are of what it looks for; 0 when all is in order.</param>
/// <param name="Examples">At most five of them, each with its values.</param>
/// <param name="Meaning">What it looks for, and what that would lead to.</param>
/// <param name="IsFault">False for what is told without being wrong.</param>
/// <param name="Repair">What a repair does about it; null when none can.</param>
/// <param name="NextStep">What people do about it, where no repair can; else null.</param>
public sealed record CheckFinding(
    string Check,
    long Found,
    IReadOnlyList<string> Examples,
    string Meaning,
    bool IsFault,
    string? Repair,
    string? NextStep);
