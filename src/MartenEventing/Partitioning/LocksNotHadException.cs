namespace MartenEventing.Partitioning;

/// <summary>A step did not get its locks in the time allowed; whoever began it says so in its own words.</summary>
internal sealed class LocksNotHadException(
    string step, TimeSpan waited, string? heldBy, IReadOnlyList<string>? unfinished = null) : Exception
{
    public string Step { get; } = step;

    public TimeSpan Waited { get; } = waited;

    public string? HeldBy { get; } = heldBy;

    /// <summary>Indexes that it has begun to build and could not take away again.</summary>
    public IReadOnlyList<string> Unfinished { get; } = unfinished ?? [];
}
