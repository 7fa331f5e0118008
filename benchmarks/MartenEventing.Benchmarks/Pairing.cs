namespace MartenEventing.Benchmarks;

/// <summary>What one round measured on both sides, in the same unit.</summary>
internal readonly record struct Pairing(double Plain, double Partitioned)
{
    /// <summary>How many times the plain side's figure the partitioned one's is.</summary>
    public double Ratio => Partitioned / Plain;

    /// <summary>How many times faster the partitioned side is, where the figures are times or amounts.</summary>
    public double Speedup => Plain / Partitioned;
}
