namespace MartenEventing.Load;

/// <summary>
/// Which appends are under way: a gap in the sequence is dead once all appends that had begun when it was seen have
/// ended.
/// </summary>
internal sealed class AppendClock(int writers)
{
    private readonly long[] _begun = new long[writers];
    private readonly long[] _ended = new long[writers];

    public void Begin(int writer) => Interlocked.Increment(ref _begun[writer]);

    public void End(int writer) => Interlocked.Increment(ref _ended[writer]);

    /// <summary>The appends begun so far, by writer.</summary>
    public long[] Now() => [.. _begun.Select((_, writer) => Interlocked.Read(ref _begun[writer]))];

    /// <summary>True when all appends begun then have ended.</summary>
    public bool HasPassed(long[] then) =>
        !then.Where((begun, writer) => Interlocked.Read(ref _ended[writer]) < begun).Any();
}
