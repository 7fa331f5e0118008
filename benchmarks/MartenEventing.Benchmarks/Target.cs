namespace MartenEventing.Benchmarks;

/// <summary>The bound that a ratio should keep.</summary>
internal sealed record Target(double Bound, bool IsLowest)
{
    public static Target AtLeast(double bound) => new(bound, IsLowest: true);

    public static Target AtMost(double bound) => new(bound, IsLowest: false);

    public bool IsMetBy(double value) => IsLowest ? value >= Bound : value <= Bound;

    public override string ToString() => FormattableString.Invariant($"{(IsLowest ? ">=" : "<=")} {Bound:0.##}");
}
