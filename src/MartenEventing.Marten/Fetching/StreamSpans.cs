using System.Collections.Concurrent;
using MartenEventing.Events;
using MartenEventing.Schema;

namespace MartenEventing.Marten.Fetching;

/// <summary>
/// Where streams were seen, for so many of them. Beyond, it forgets them all: a guess too few costs one more look.
/// </summary>
internal sealed class StreamSpans
{
    private const int Most = 50_000;

    /// <summary>Most streams do not live longer.</summary>
    private static readonly TimeSpan ShortLife = TimeSpan.FromDays(7);

    private readonly ConcurrentDictionary<(object Database, string Tenant, object Stream), StreamSpan> _seen = [];

    /// <summary>Where a stream is likely to be; null when nothing tells.</summary>
    public StreamSpan? Guess(object database, string tenant, object stream, PartitionPeriod period) =>
        _seen.TryGetValue((database, tenant, stream), out var span) ? span
            : stream is Guid id && UuidTime.Of(id) is { } made
            ? StreamSpan.Around(made, made + ShortLife, period)
            : null;

    public void Remember(object database, string tenant, object stream, StreamSpan span)
    {
        if (_seen.Count >= Most)
            _seen.Clear();
        _seen[(database, tenant, stream)] = span;
    }
}
