namespace MartenEventing.Check;

/// <summary>What a check of a whole store has found.</summary>
public sealed record CheckReport
{
    /// <summary>The schema of the store.</summary>
    public required string SchemaName { get; init; }

    /// <summary>Every check that was made, in order, those that found nothing too.</summary>
    public required IReadOnlyList<CheckFinding> Findings { get; init; }

    /// <summary>True when nothing is wrong; what is told without being wrong may still be there.</summary>
    public bool IsClean => !Findings.Any(finding => finding is { IsFault: true, Found: > 0 });

    /// <summary>How much of this a check has found.</summary>
    internal long FoundBy(string check) => Findings.FirstOrDefault(finding => finding.Check == check)?.Found ?? 0;
}
