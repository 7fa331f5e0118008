using MartenEventing.Benchmarks.Measurements;

namespace MartenEventing.Benchmarks.Applications.Measurements;

/// <summary>The ratios that come out of rounds of work: by the clock and, where known, by the server's work.</summary>
internal static class ThroughputRatios
{
    /// <param name="key">The name in the JSON.</param>
    /// <param name="what">What was divided by what.</param>
    /// <param name="rounds">Of each round, what the plain side did and what the partitioned one did.</param>
    /// <param name="variant">Tells it from others of the key.</param>
    public static IEnumerable<Ratio> Of(
        string key, string what, IReadOnlyList<Written[]> rounds, params (string Name, object Value)[] variant)
    {
        yield return new Ratio(
            key, what + ": throughput", [.. rounds.Select(sides => sides[1].PerSecond / sides[0].PerSecond)])
        {
            Variant = Variant(variant, "throughput"),
        };
        if (rounds.All(sides => sides[0].ProcessorTime is > 0))
        {
            yield return new Ratio(
                key, what + ": per processor time of the server",
                [.. rounds.Select(sides => sides[1].PerProcessorTime!.Value / sides[0].PerProcessorTime!.Value)])
            {
                Variant = Variant(variant, "per server processor time"),
            };
        }
    }

    private static Dictionary<string, object> Variant((string Name, object Value)[] variant, string of) =>
        new(variant.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))) { ["of"] = of };
}
