using System.Runtime.CompilerServices;

namespace MartenEventing.Events;

/// <summary>How an import goes about it.</summary>
public sealed record ImportOptions
{
    /// <summary>
    /// The name under which the database remembers how far the import has come. An import of the same name goes on
    /// behind the lines that are stored. Default null: told from the content of the input (its length, first and last
    /// 64 KiB); an input that cannot seek is nobody's continuation then.
    /// </summary>
    public string? Source { get; init; }

    /// <summary>
    /// Whether to forget what is stored of the source, and to store all its lines once more. Default false.
    /// </summary>
    public bool Restart { get; init; }

    /// <summary>
    /// How many events are stored together at most, in one transaction or two, 1 to 100,000. Default 10,000.
    /// </summary>
    public int BatchSize { get; init; } = 10_000;

    /// <summary>
    /// How many periods of the past get a partition of their own when the input has events of that time, 0 to 10,000.
    /// Older events go into the head partition. Default 240: twenty years of months.
    /// </summary>
    public int HistoryPeriods { get; init; } = 240;

    /// <summary>
    /// Takes the lines that cannot be imported, so that the import goes on without them; called before the transaction
    /// that passes them by ends, so that a crash may repeat one but never loses one. Default null: such a line stops
    /// the import.
    /// </summary>
    public Action<InvalidLine>? SetAside { get; init; }

    /// <summary>Told after every batch. Default null.</summary>
    public IProgress<ImportProgress>? Progress { get; init; }

    internal ImportOptions Validated()
    {
        if (Source is { } source && (source.Length is 0 or > 1_000 || source.Contains('\0')))
            throw new ArgumentException(
                $"{nameof(ImportOptions)}.{nameof(Source)} has {source.Length} characters. Allowed: 1 to 1000, none of "
                + "them U+0000.",
                nameof(Source));
        Require(BatchSize, 1, 100_000);
        Require(HistoryPeriods, 0, 10_000);
        return this;
    }

    private static void Require(
        int value, int least, int most, [CallerArgumentExpression(nameof(value))] string option = "")
    {
        if (value < least || value > most)
            throw new ArgumentException(
                $"{nameof(ImportOptions)}.{option} is {value}. Allowed: {least} to {most}.", option);
    }
}
