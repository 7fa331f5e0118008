namespace MartenEventing.Partitioning;

/// <summary>What maintenance would do, in order.</summary>
/// <param name="At">The instant taken for now.</param>
/// <param name="Steps">The steps; none when all is in order.</param>
/// <param name="Remarks">What was seen and is left alone, one line each.</param>
public sealed record PartitionPlan(
    DateTimeOffset At, IReadOnlyList<PartitionStep> Steps, IReadOnlyList<string> Remarks);
