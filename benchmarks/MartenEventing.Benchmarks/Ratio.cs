namespace MartenEventing.Benchmarks;

/// <summary>What a comparison found: one ratio a round.</summary>
/// <param name="Key">The name in the JSON.</param>
/// <param name="What">What was divided by what.</param>
/// <param name="Rounds">The ratio of each round; at least one.</param>
/// <param name="Target">The bound to keep; null where the figure is reported only.</param>
internal sealed record Ratio(string Key, string What, IReadOnlyList<double> Rounds, Target? Target = null)
{
    /// <summary>Tells apart several ratios of one key; the first one gives the key's value.</summary>
    public IReadOnlyDictionary<string, object> Variant { get; init; } = new Dictionary<string, object>();

    public double Value => Statistics.Median(Rounds);

    public double Min => Rounds.Min();

    public double Max => Rounds.Max();

    public bool? Met => Target?.IsMetBy(Value);
}
