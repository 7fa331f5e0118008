namespace MartenEventing.Benchmarks;

/// <summary>What a round of reads found on each side.</summary>
/// <param name="Medians">The median time of one read, in ticks.</param>
/// <param name="ProcessorTimes">
/// What the server worked for all of the side's reads; null when that is not known.
/// </param>
internal sealed record ReadRound(double[] Medians, double?[] ProcessorTimes)
{
    /// <summary>The first side is the plain one.</summary>
    public double Ratio => Medians[1] / Medians[0];

    public double? WorkRatio => ProcessorTimes[1] / ProcessorTimes[0];
}
