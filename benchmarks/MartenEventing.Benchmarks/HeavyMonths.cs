using MartenEventing.Benchmarks.Data;

namespace MartenEventing.Benchmarks;

/// <summary>
/// A pair of stores with many events in a month: one month that stays, and before it empty months that are filled when
/// they are asked for, so that each can be removed once.
/// </summary>
internal sealed class HeavyMonths
{
    private readonly Workbench _bench;
    private readonly Queue<DateTimeOffset> _empty;
    private long _lastSequence;

    private HeavyMonths(Workbench bench, StorePair pair, IEnumerable<DateTimeOffset> empty)
    {
        _bench = bench;
        _empty = new Queue<DateTimeOffset>(empty);
        _lastSequence = pair.History.LastSequence;
        Pair = pair;
    }

    public StorePair Pair { get; }

    /// <summary>Loads the month that stays, the one before the current one.</summary>
    public static async Task<HeavyMonths> CreateAsync(Workbench bench, int months, CancellationToken cancellation)
    {
        bench.Say($"  loading a month of {bench.Options.HeavyMonth:N0} events into both layouts");
        var current = HistoryOptions.MonthOf(bench.Now);
        var options = Month(bench, current.AddMonths(-1), sequenceBefore: 0);
        var pair = await StorePair.CreateAsync(bench.Server, options, cancellation);
        var empty = Enumerable.Range(2, months).Select(ago => current.AddMonths(-ago)).ToArray();
        await pair[Side.Partitioned].ColumnAsync<string>(
            "SELECT mt_provision_history('month', $1, 1000)", [empty[^1].UtcDateTime], cancellation);
        return new HeavyMonths(bench, pair, empty);
    }

    /// <summary>Fills the next month on both sides and returns its start.</summary>
    public async Task<DateTimeOffset> FillNextAsync(CancellationToken cancellation)
    {
        var month = _empty.Dequeue();
        var history = EventHistory.Create(Month(_bench, month, _lastSequence));
        _lastSequence = history.LastSequence;
        await Pair.LoadAsync(Side.Plain, history, cancellation);
        await Pair.LoadAsync(Side.Partitioned, history, cancellation);
        await Pair.TidyAsync(cancellation);
        await _bench.Server.CheckpointAsync(cancellation);
        return month;
    }

    private static HistoryOptions Month(Workbench bench, DateTimeOffset month, long sequenceBefore) => new()
    {
        From = month,
        To = month.AddMonths(1),
        Events = bench.Options.HeavyMonth,
        SequenceBefore = sequenceBefore,
        Seed = month.Year * 12 + month.Month,
    };
}
