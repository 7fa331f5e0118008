namespace MartenEventing.Cli.Demo.Figures;

/// <summary>Plain by partitioned: the median of several rounds and its spread.</summary>
internal sealed record Ratio(double Value, double Least, double Most)
{
    public static Ratio Of(IReadOnlyCollection<double> rounds)
    {
        var sorted = rounds.Order().ToList();
        return new Ratio(sorted[sorted.Count / 2], sorted[0], sorted[^1]);
    }

    public override string ToString() => $"{Told(Value)} x";

    public string Spread => $"{Told(Least)} to {Told(Most)}";

    private static string Told(double value) => value.ToString(value >= 20 ? "N0" : value >= 3 ? "N1" : "N2");
}
