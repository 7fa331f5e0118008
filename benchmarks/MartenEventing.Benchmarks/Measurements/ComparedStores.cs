using MartenEventing.Benchmarks.Data;
using MartenEventing.Events;
using Npgsql;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// Our store on both sides of a pair, new, with connections that are not reset between calls (a reset costs both sides the
/// same and would make them look alike).
/// </summary>
internal sealed class ComparedStores : IAsyncDisposable
{
    private readonly NpgsqlDataSource[] _sources;
    private readonly PostgresEventStore[] _stores;

    public ComparedStores(StorePair pair)
    {
        _sources = [.. Enum.GetValues<Side>().Select(side => Open(pair[side]))];
        _stores = [.. _sources.Select(source => new PostgresEventStore(source))];
    }

    public PostgresEventStore this[Side side] => _stores[(int)side];

    /// <summary>Reads a stream and checks that all of it came.</summary>
    public async Task LoadAsync(Side side, GeneratedStream stream, CancellationToken cancellation)
    {
        var events = await this[side].LoadStreamAsync(stream.Id, cancellationToken: cancellation);
        if (events.Count != stream.Events)
            throw new InvalidOperationException(
                $"Stream {stream.Id} has {stream.Events} events; {events.Count} were read from the {side} side.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources)
            await source.DisposeAsync();
    }

    private static NpgsqlDataSource Open(NpgsqlDataSource source) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(source.ConnectionString) { NoResetOnClose = true }.ConnectionString);
}
