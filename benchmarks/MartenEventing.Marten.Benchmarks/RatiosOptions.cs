namespace MartenEventing.Benchmarks.Applications;

/// <summary>How much to compare.</summary>
internal sealed record RatiosOptions
{
    /// <summary>
    /// The numbers of months of history, the current one included; each gives a table. 2 to 600; default 3, 24 and 60.
    /// </summary>
    public IReadOnlyList<int> Months { get; init; } = [3, 24, 60];

    /// <summary>
    /// Events of each history. 1,000 to 10,000,000; default 100,000. Months with less than about a thousand events are
    /// so small that the server plans differently from real ones.
    /// </summary>
    public int Events { get; init; } = 100_000;

    /// <summary>Rounds; each gives one ratio. 1 to 99, five at least for figures to quote; default 5.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Reads of each application in a round. Default 100.</summary>
    public int Reads { get; init; } = 100;

    /// <summary>How long each application appends in a round. Default one second.</summary>
    public TimeSpan WritingTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Concurrent sessions that append. Default 3.</summary>
    public int Writers { get; init; } = 3;

    /// <summary>How many partitions there may be before old ones are merged; default null: as many as come.</summary>
    public int? PartitionsAtMost { get; init; }

    /// <summary>Names, or beginnings of names, of the ratios wanted; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    public bool Wants(string key) =>
        Only.Count == 0 || Only.Any(name => key.StartsWith(name, StringComparison.OrdinalIgnoreCase));

    public RatiosOptions Validated()
    {
        foreach (var months in Months)
            Require(months is >= 2 and <= 600, "--months", months, "2 to 600, with commas in between");
        Require(Events is >= 1_000 and <= 10_000_000, "--events", Events, "1,000 to 10,000,000");
        Require(Rounds is >= 1 and <= 99, "--rounds", Rounds, "1 to 99");
        Require(Reads is >= 10 and <= 100_000, "--reads", Reads, "10 to 100,000");
        if (PartitionsAtMost is { } most)
            Require(most is >= 10 and <= 10_000, "--at-most", most, "10 to 10,000");
        return this;
    }

    private static void Require(bool condition, string option, int value, string allowed)
    {
        if (!condition)
            throw new ArgumentException($"{option} is {value}. Allowed: {allowed}.");
    }
}
