namespace MartenEventing.Partitioning;

/// <summary>A step did not get its locks in the time allowed; whoever began it says so in its own words.</summary>
internal sealed class LocksNotHadException(string step, TimeSpan waited, string? heldBy) : Exception
{
    public string Step { get; } = step;

    public TimeSpan Waited { get; } = waited;

    public string? HeldBy { get; } = heldBy;
}
