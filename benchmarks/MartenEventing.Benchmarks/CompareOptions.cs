namespace MartenEventing.Benchmarks;

/// <summary>How much to compare.</summary>
internal sealed record CompareOptions
{
    /// <summary>Months of history in the main comparison, the current one included. 2 to 600; default 60.</summary>
    public int Months { get; init; } = 60;

    /// <summary>
    /// Events in the main comparison; the side comparisons take a quarter. 1,000 to 100,000,000; default 1,000,000.
    /// </summary>
    public int Events { get; init; } = 1_000_000;

    /// <summary>Rounds; each gives one ratio. 1 to 99, five at least for figures to quote; default 7.</summary>
    public int Rounds { get; init; } = 7;

    /// <summary>Events of the month that is removed, and whose time index is weighed. Default 500,000.</summary>
    public int HeavyMonth { get; init; } = 500_000;

    /// <summary>How long each side writes in a round. Default three seconds.</summary>
    public TimeSpan WritingTime { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Reads of each side in a round. Default 400.</summary>
    public int Reads { get; init; } = 400;

    /// <summary>Reads of each side in a round of Marten's own reads: a quarter of the reads, ten at least.</summary>
    public int MartenReads => Math.Max(10, Reads / 4);

    /// <summary>
    /// Rounds of reads through the store that do not count: a connection prepares a statement for each partition it
    /// meets. Default 5.
    /// </summary>
    public int WarmUpRounds { get; init; } = 5;

    /// <summary>The numbers of partitions with which Marten's own reads are measured. Default 63, 27 and 12.</summary>
    public IReadOnlyList<int> LeafCounts { get; init; } = [63, 27, 12];

    /// <summary>The numbers of months between which stream reads may hardly grow. Default 12 and 120.</summary>
    public (int Few, int Many) GrowthMonths { get; init; } = (12, 120);

    /// <summary>Concurrent writers. Default 3.</summary>
    public int Writers { get; init; } = 3;

    /// <summary>Names, or beginnings of names, of the ratios wanted; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Events that are imported in a round: a tenth of the events.</summary>
    public int ImportEvents => Math.Max(1_000, Events / 10);

    /// <summary>Events of each side comparison.</summary>
    public int SideEvents => Math.Max(1_000, Events / 4);

    /// <summary>Everything tiny: shows that the comparison runs, its figures say nothing.</summary>
    public CompareOptions Quick() => this with
    {
        Months = 6,
        Events = 6_000,
        Rounds = 2,
        HeavyMonth = 2_000,
        WritingTime = TimeSpan.FromMilliseconds(100),
        Reads = 10,
        WarmUpRounds = 1,
        LeafCounts = [12],
        GrowthMonths = (2, 6),
        Writers = 2,
    };

    public bool Wants(IEnumerable<string> keys) => Only.Count == 0 || keys.Any(Wants);

    public bool Wants(string key) =>
        Only.Count == 0 || Only.Any(name => key.StartsWith(name, StringComparison.OrdinalIgnoreCase));

    public CompareOptions Validated()
    {
        Require(Months is >= 2 and <= 600, "--months", Months, "2 to 600");
        Require(Events is >= 1_000 and <= 100_000_000, "--events", Events, "1,000 to 100,000,000");
        Require(Rounds is >= 1 and <= 99, "--rounds", Rounds, "1 to 99");
        return this;
    }

    private static void Require(bool condition, string option, int value, string allowed)
    {
        if (!condition)
            throw new ArgumentException($"{option} is {value}. Allowed: {allowed}.");
    }
}
