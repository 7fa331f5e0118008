namespace MartenEventing.Benchmarks.Measurements;

/// <summary>What writers did in a while.</summary>
/// <param name="Calls">Appends of all writers.</param>
/// <param name="Elapsed">How long they took, by the clock.</param>
/// <param name="ProcessorTime">What the server worked for it, in nanoseconds; null when that is not known.</param>
internal readonly record struct Written(long Calls, TimeSpan Elapsed, double? ProcessorTime)
{
    public double PerSecond => Calls / Elapsed.TotalSeconds;

    public double? PerProcessorTime => Calls / ProcessorTime;

    public static Written operator +(Written one, Written other) => new(
        one.Calls + other.Calls, one.Elapsed + other.Elapsed, one.ProcessorTime + other.ProcessorTime);
}
