using MartenEventing.Benchmarks.Data;
using MartenEventing.Events;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// Our store on both sides of a pair, new, with connections that are not reset between calls (a reset costs both sides
/// the same and would make them look alike).
/// </summary>
internal sealed class ComparedStores(StorePair pair) : IAsyncDisposable
{
    private readonly WatchedSource[] _sources =
        [.. Enum.GetValues<Side>().Select(side => new WatchedSource(pair[side]))];

    private readonly Dictionary<Side, PostgresEventStore> _stores = [];

    public PostgresEventStore this[Side side] =>
        _stores.TryGetValue(side, out var store)
            ? store
            : _stores[side] = new PostgresEventStore(_sources[(int)side].Source);

    /// <summary>What the server has worked for a side so far.</summary>
    public Task<double?> ProcessorTimeAsync(Side side, CancellationToken cancellation) =>
        _sources[(int)side].ProcessorTimeAsync(cancellation);

    /// <summary>Reads in turns.</summary>
    public Task<IReadOnlyList<ReadRound>> CompareAsync(
        CompareOptions options, Func<Side, int, CancellationToken, Task> read, CancellationToken cancellation) =>
        Rounds.ReadAsync(2, options.WarmUpRounds, options.Rounds, options.Reads,
            (side, number, token) => read((Side)side, number, token),
            (side, token) => ProcessorTimeAsync((Side)side, token), cancellation);

    /// <summary>Reads a stream and checks that all of it came.</summary>
    public async Task LoadAsync(Side side, GeneratedStream stream, CancellationToken cancellation)
    {
        var events = await this[side].LoadStreamAsync(stream.Id, cancellationToken: cancellation);
        if (events.Count != stream.Events)
        {
            throw new InvalidOperationException(
                $"Stream {stream.Id} has {stream.Events} events; {events.Count} were read from the {side} side.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources)
            await source.DisposeAsync();
    }
}
