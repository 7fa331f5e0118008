using MartenEventing.Benchmarks.Data;
using MartenEventing.Events;
using Npgsql;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// Our store on both sides of a pair, new, with connections that are not reset between calls (a reset costs both sides
/// the same and would make them look alike).
/// </summary>
internal sealed class ComparedStores : IAsyncDisposable
{
    private readonly NpgsqlDataSource[] _sources = new NpgsqlDataSource[2];
    private readonly PostgresEventStore[] _stores = new PostgresEventStore[2];
    private readonly Backends[] _backends = new Backends[2];

    public ComparedStores(StorePair pair)
    {
        foreach (var side in Enum.GetValues<Side>())
        {
            var application = Backends.NewApplicationName();
            _sources[(int)side] = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(pair[side].ConnectionString)
            {
                NoResetOnClose = true,
                ApplicationName = application,
            }.ConnectionString);
            _stores[(int)side] = new PostgresEventStore(_sources[(int)side]);
            _backends[(int)side] = new Backends(pair[side], application);
        }
    }

    public PostgresEventStore this[Side side] => _stores[(int)side];

    /// <summary>What the server has worked for a side so far.</summary>
    public Task<double?> ProcessorTimeAsync(Side side, CancellationToken cancellation) =>
        _backends[(int)side].ProcessorTimeAsync(cancellation);

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
