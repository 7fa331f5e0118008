using System.Diagnostics;

namespace MartenEventing.Load;

/// <summary>Counts and times what writers and readers do.</summary>
internal sealed class LoadMeter
{
    private long _events;
    private long _conflicts;
    private long _reads;
    private long _longestAppend;
    private long _longestRead;

    public void Appended(int events, long started)
    {
        Interlocked.Add(ref _events, events);
        Raise(ref _longestAppend, Stopwatch.GetElapsedTime(started).Ticks);
    }

    public void Lost(long started)
    {
        Interlocked.Increment(ref _conflicts);
        Raise(ref _longestAppend, Stopwatch.GetElapsedTime(started).Ticks);
    }

    public void Read(long started)
    {
        Interlocked.Increment(ref _reads);
        Raise(ref _longestRead, Stopwatch.GetElapsedTime(started).Ticks);
    }

    /// <summary>The figures since the last time; the next phase begins.</summary>
    public LoadFigures Take() => new(
        Interlocked.Exchange(ref _events, 0),
        Interlocked.Exchange(ref _conflicts, 0),
        Interlocked.Exchange(ref _reads, 0),
        TimeSpan.FromTicks(Interlocked.Exchange(ref _longestAppend, 0)),
        TimeSpan.FromTicks(Interlocked.Exchange(ref _longestRead, 0)));

    private static void Raise(ref long longest, long ticks)
    {
        for (var known = Interlocked.Read(ref longest); ticks > known; known = Interlocked.Read(ref longest))
            Interlocked.CompareExchange(ref longest, ticks, known);
    }
}
