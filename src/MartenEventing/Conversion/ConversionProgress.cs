namespace MartenEventing.Conversion;

/// <summary>How a conversion goes on.</summary>
/// <param name="Step">The step at work.</param>
/// <param name="Done">Events moved, or streams looked at, by this call; 0 in other steps.</param>
/// <param name="Left">How many are left, estimated; null where that is not known.</param>
/// <param name="TimeLeft">How long that takes at the rate so far; null where that is not known.</param>
/// <param name="WaitingFor">Who holds a lock that the step needs; null when it does not wait.</param>
public sealed record ConversionProgress(
    string Step, long Done = 0, long? Left = null, TimeSpan? TimeLeft = null, string? WaitingFor = null);
