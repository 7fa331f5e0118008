using System.Diagnostics;
using Npgsql;

namespace MartenEventing.Load.Writing;

/// <summary>
/// Appends one to three events at a time: to streams that were there before, to new ones of its own, and to one that
/// the writers of its mode fight for. (Of both modes, on a plain store too, they would run into deadlocks: one locks
/// the stream first, the other the version.) Some events are backdated, a few lie in the future.
/// </summary>
internal sealed class Writer(
    int number, IAppender appender, Ledger ledger, AppendClock clock, LoadMeter meter, KnownStream contended,
    KnownStream[] old)
{
    private KnownStream _own = new(Guid.CreateVersion7(), 0);

    public async Task AppendAsync(NpgsqlConnection connection)
    {
        var stream = Random.Shared.Next(10) switch
        {
            0 => contended,
            < 4 when old.Length > 0 => old[Random.Shared.Next(old.Length)],
            _ => Own(),
        };
        var times = Enumerable.Range(0, Random.Shared.Next(1, 4)).Select(_ => Time()).ToArray();
        var expected = stream.Version;
        clock.Begin(number);
        var started = Stopwatch.GetTimestamp();
        try
        {
            var events = await appender.AppendAsync(connection, stream.Id, expected, times);
            meter.Appended(times.Length, started);
            stream.Reached(expected + times.Length);
            ledger.Add(events);
            if (expected == 0)
                ledger.Add(stream);
        }
        catch (LostStreamException) when (stream == contended)
        {
            meter.Lost(started);
        }
        finally
        {
            clock.End(number);
        }
    }

    private KnownStream Own()
    {
        if (_own.Version >= 10)
            _own = new KnownStream(Guid.CreateVersion7(), 0);
        return _own;
    }

    private static DateTime Time() => Random.Shared.Next(500) switch
    {
        0 => DateTime.UtcNow.AddDays(Random.Shared.Next(1, 400)),
        < 10 => DateTime.UtcNow.AddDays(-Random.Shared.Next(1, 400)),
        _ => DateTime.UtcNow,
    };
}
