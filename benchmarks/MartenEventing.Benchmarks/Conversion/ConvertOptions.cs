using MartenEventing.Conversion;

namespace MartenEventing.Benchmarks.Conversion;

/// <summary>Which conversion is tried under load.</summary>
internal sealed record ConvertOptions
{
    /// <summary>Events in the plain store: 1,000 to 100,000,000. Default 1,000,000.</summary>
    public int Events { get; init; } = 1_000_000;

    /// <summary>Months of history: 2 to 600. Default 48.</summary>
    public int Months { get; init; } = 48;

    /// <summary>Writers at work: 1 to 64. Default 8.</summary>
    public int Writers { get; init; } = 8;

    /// <summary>The way. Default attach.</summary>
    public ConversionWay Way { get; init; } = ConversionWay.Attach;

    /// <summary>Split the head too. Default false.</summary>
    public bool Split { get; init; }

    /// <summary>The share of time that batches take. Default that of <see cref="ConversionOptions"/>.</summary>
    public double Share { get; init; } = new ConversionOptions().BatchShare;

    public ConvertOptions Validated()
    {
        Require(Events is >= 1_000 and <= 100_000_000, "--events", Events, "1,000 to 100,000,000");
        Require(Months is >= 2 and <= 600, "--months", Months, "2 to 600");
        Require(Writers is >= 1 and <= 64, "--writers", Writers, "1 to 64");
        return this;
    }

    private static void Require(bool condition, string option, int value, string allowed)
    {
        if (!condition)
            throw new ArgumentException($"{option} is {value}. Allowed: {allowed}.");
    }
}
