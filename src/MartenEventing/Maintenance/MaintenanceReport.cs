namespace MartenEventing.Maintenance;

/// <summary>What a maintenance pass did.</summary>
public sealed record MaintenanceReport
{
    /// <summary>The schema of the store.</summary>
    public required string SchemaName { get; init; }

    /// <summary>The instant taken for now.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How long the pass took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Another process was at it: nothing was done.</summary>
    public bool Skipped { get; init; }

    /// <summary>The steps, in order; none when all was in order.</summary>
    public IReadOnlyList<StepReport> Steps { get; init; } = [];

    /// <summary>The partitions made ahead.</summary>
    public IReadOnlyList<string> Created { get; init; } = [];

    /// <summary>The partitions that were a tail with events in it.</summary>
    public IReadOnlyList<string> Absorbed { get; init; } = [];

    /// <summary>The partitions sealed.</summary>
    public IReadOnlyList<string> Sealed { get; init; } = [];

    /// <summary>The longer partitions that others were merged into.</summary>
    public IReadOnlyList<string> RolledUp { get; init; } = [];

    /// <summary>What was seen and left alone, one line each.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Whether something is left to the next pass.</summary>
    public bool IsIncomplete => Steps.Any(s => s.Outcome != StepOutcome.Done);
}
