namespace MartenEventing.Retention;

/// <summary>How a run goes on.</summary>
/// <param name="Step">The step at work.</param>
/// <param name="WaitingFor">Who holds a lock that the step needs; null when it does not wait.</param>
public sealed record RetentionProgress(string Step, string? WaitingFor = null);
