using MartenEventing.Benchmarks.Data;
using Spectre.Console;

namespace MartenEventing.Benchmarks;

/// <summary>
/// What the measurements share: the server, the options, and pairs of stores, made when first asked for.
/// </summary>
internal sealed class Workbench(BenchmarkServer server, CompareOptions options, TimeProvider time, IAnsiConsole talk)
{
    private readonly DateTimeOffset _now = time.GetUtcNow();
    private readonly Dictionary<(int Months, int Events), StorePair> _pairs = [];
    private HeavyMonths? _heavyMonths;

    public BenchmarkServer Server => server;

    public CompareOptions Options => options;

    /// <summary>The instant up to which histories reach; read once.</summary>
    public DateTimeOffset Now => _now;

    /// <summary>The pair with the months and the events that were asked for.</summary>
    public Task<StorePair> MainPairAsync(CancellationToken cancellation) =>
        PairAsync(options.Months, options.Events, cancellation);

    /// <summary>A pair with another number of months, and a quarter of the events.</summary>
    public Task<StorePair> SidePairAsync(int months, CancellationToken cancellation) =>
        PairAsync(months, options.SideEvents, cancellation);

    /// <summary>The pair with the large months.</summary>
    public async Task<HeavyMonths> HeavyMonthsAsync(CancellationToken cancellation) =>
        _heavyMonths ??= await HeavyMonths.CreateAsync(this, options.Rounds, cancellation);

    /// <summary>Tells how it goes.</summary>
    public void Say(string sentence) => talk.WriteLine(sentence);

    private async Task<StorePair> PairAsync(int months, int events, CancellationToken cancellation)
    {
        if (_pairs.TryGetValue((months, events), out var pair))
            return pair;
        Say($"  loading {events:N0} events of {months} months into both layouts");
        pair = await StorePair.CreateAsync(server, HistoryOptions.LastMonths(_now, months, events), cancellation);
        return _pairs[(months, events)] = pair;
    }
}
