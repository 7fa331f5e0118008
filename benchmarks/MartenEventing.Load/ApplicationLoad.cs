using System.Collections.Concurrent;
using System.Diagnostics;
using MartenEventing.Load.Reading;
using MartenEventing.Load.Writing;
using Npgsql;

namespace MartenEventing.Load;

/// <summary>
/// An application at work on an event store with streams named by guids: writers append with Marten's own SQL, readers
/// know what they must find. Each keeps one connection throughout.
/// </summary>
internal sealed class ApplicationLoad : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly LoadOptions _options;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Ledger _ledger = new();
    private readonly LoadMeter _meter = new();
    private readonly AppendClock _clock;
    private readonly List<Task> _work = [];
    private readonly long[] _rounds;
    private PageReading _pages = null!;
    private long _before;
    private long _last;
    private bool _isStopped;

    private ApplicationLoad(NpgsqlDataSource source, LoadOptions options)
    {
        _source = source;
        _options = options;
        _clock = new AppendClock(options.Writers);
        _rounds = new long[options.Writers + options.StreamReaders + 3];
    }

    /// <summary>What writers and readers met that they should not have.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Starts all writers and readers; returns when all are at work.</summary>
    public static async Task<ApplicationLoad> StartAsync(NpgsqlDataSource source, LoadOptions? options = null)
    {
        var load = new ApplicationLoad(source, options ?? new LoadOptions());
        var old = await load.PrepareAsync();
        KnownStream[] contended = [new(Guid.CreateVersion7(), 0), new(Guid.CreateVersion7(), 0)];
        for (var number = 0; number < load._options.Writers; number++)
        {
            IAppender appender = number % 2 == 0 ? new QuickAppender(load._options) : new RichAppender(load._options);
            var mine = old.Where((_, place) => place % load._options.Writers == number).ToArray();
            var writer = new Writer(
                number, appender, load._ledger, load._clock, load._meter, contended[number % 2], mine);
            load.Run(writer.AppendAsync);
        }

        load._pages = new PageReading(load._options, load._clock, load._last);
        load.Run(load._pages);
        load.Run(new PresenceReading(load._options, load._ledger));
        load.Run(new HistoryReading(load._options, load._last, load._before));
        for (var number = 0; number < load._options.StreamReaders; number++)
            load.Run(new StreamReading(load._options, load._ledger, prepared: number % 2 == 0));
        await load.ProgressAsync();
        return load;
    }

    /// <summary>Waits until every writer and reader has gone two rounds further, or something is wrong.</summary>
    /// <exception cref="TimeoutException">One has not in two minutes.</exception>
    public async Task ProgressAsync()
    {
        var target = _rounds.Select((_, place) => Interlocked.Read(ref _rounds[place]) + 2).ToArray();
        var started = Stopwatch.GetTimestamp();
        while (_errors.IsEmpty && target.Where((least, place) => Interlocked.Read(ref _rounds[place]) < least).Any())
        {
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(2))
                throw new TimeoutException("A writer or reader stands still.");
            await Task.Delay(5);
        }
    }

    /// <summary>The figures since the last time; a new phase begins.</summary>
    public LoadFigures TakeFigures() => _meter.Take();

    /// <summary>Stops everybody and returns everything that went or is wrong; empty when nothing did.</summary>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        await EndAsync();
        if (!_errors.IsEmpty)
            return [.. _errors];
        for (var position = -1L; position != _pages.Position;)
        {
            position = _pages.Position;
            for (var twice = 0; twice < 2; twice++)  // a gap is looked at twice
                if (await _pages.ReadOnceAsync(_source) is { } error)
                    return [error];
        }

        return await new FinalCheck(_source, _options).RunAsync(_ledger, _pages, _before, _last);
    }

    /// <summary>Ends all writers and readers.</summary>
    public async Task EndAsync()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        await _stop.CancelAsync();
        await Task.WhenAll(_work);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _stop.Dispose();
    }

    private void Run(IReading reading) => Run(async connection =>
    {
        var started = Stopwatch.GetTimestamp();
        var error = await reading.ReadAsync(connection);
        _meter.Read(started);
        if (error is not null)
            throw new InvalidDataException(error);
    });

    private void Run(Func<NpgsqlConnection, Task> round)
    {
        var place = _work.Count;
        _work.Add(Task.Run(async () =>
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync();
                while (!_stop.IsCancellationRequested)
                {
                    await round(connection);
                    Interlocked.Increment(ref _rounds[place]);
                    await Task.Delay(_options.Rest);
                }
            }
            catch (Exception error)
            {
                _errors.Enqueue(error.ToString());
            }
        }));
    }

    /// <summary>Makes Marten's function, and notes what is there: some streams and all events.</summary>
    private async Task<KnownStream[]> PrepareAsync()
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var create = new NpgsqlCommand(
            SqlFile.Read("mt_quick_append_events").Replace("/* schema */", _options.Schema, StringComparison.Ordinal),
            connection);
        await create.ExecuteNonQueryAsync();
        await using (var count = new NpgsqlCommand(
            $"select count(*), coalesce(max(seq_id), 0) from {_options.Schema}mt_events",
            connection) { CommandTimeout = 0 })
        await using (var reader = await count.ExecuteReaderAsync())
        {
            await reader.ReadAsync();
            (_before, _last) = (reader.GetInt64(0), reader.GetInt64(1));
        }

        var streams = new List<KnownStream>();
        await using var some = new NpgsqlCommand(
            $"select id, version from {_options.Schema}mt_streams where tenant_id = $1 and version > 0 limit 2000",
            connection);
        some.Parameters.Add(new NpgsqlParameter { Value = _options.Tenant });
        await using var rows = await some.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            streams.Add(new KnownStream(rows.GetGuid(0), rows.GetInt64(1)));
        streams.ForEach(_ledger.Add);
        return [.. streams];
    }
}
