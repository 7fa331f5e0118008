namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// The ratios that come out of rounds of reads: of the time by the clock and, where known, of the server's work.
/// </summary>
internal static class ReadRatios
{
    public static IEnumerable<Ratio> Of(
        string key, string what, IReadOnlyList<ReadRound> rounds, Target? target = null,
        params (string Name, object Value)[] variant)
    {
        yield return new Ratio(key, what + ": median time", [.. rounds.Select(round => round.Ratio)], target)
        {
            Variant = Variant(variant, "time"),
        };
        if (rounds.All(round => round.WorkRatio > 0))
        {
            yield return new Ratio(key, what + ": processor time of the server",
                [.. rounds.Select(round => round.WorkRatio!.Value)])
            {
                Variant = Variant(variant, "server processor time"),
            };
        }
    }

    private static Dictionary<string, object> Variant((string Name, object Value)[] variant, string of) =>
        new(variant.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))) { ["of"] = of };
}
