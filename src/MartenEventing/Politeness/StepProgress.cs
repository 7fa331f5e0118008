namespace MartenEventing.Politeness;

/// <summary>How a step goes on.</summary>
/// <param name="Step">Its name.</param>
/// <param name="WaitingFor">Who is in its way; null when it does not wait.</param>
/// <param name="Done">How much of it has been done, in its own unit.</param>
/// <param name="Left">How much is left; null where that is not known.</param>
/// <param name="TimeLeft">How long that takes; null where that is not known.</param>
internal readonly record struct StepProgress(
    string Step, string? WaitingFor = null, long Done = 0, long? Left = null, TimeSpan? TimeLeft = null);
