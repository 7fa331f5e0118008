using MartenEventing.Partitioning;

namespace MartenEventing.Maintenance;

/// <summary>What became of one step of a pass.</summary>
/// <param name="Step">The step.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Duration">How long it took, waits included.</param>
/// <param name="SqlState">The SQLSTATE of the last error; null when there was none.</param>
/// <param name="Error">The server's words for it; null when there was none.</param>
public sealed record StepReport(
    PartitionStep Step, StepOutcome Outcome, TimeSpan Duration, string? SqlState = null, string? Error = null)
{
    /// <summary>Whom it gave way to, and how they are ended; null when nobody was seen.</summary>
    public string? HeldBy { get; init; }

    /// <summary>Indexes it has begun to build and could not take away again; the next pass drops them first.</summary>
    public IReadOnlyList<string> Unfinished { get; init; } = [];
}
