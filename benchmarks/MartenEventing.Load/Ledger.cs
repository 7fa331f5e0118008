namespace MartenEventing.Load;

/// <summary>What has been acknowledged: the sequence numbers of the events, and how far each stream has come.</summary>
internal sealed class Ledger
{
    private readonly Lock _lock = new();
    private readonly List<long> _events = [];
    private readonly List<KnownStream> _streams = [];

    public void Add(IEnumerable<long> events)
    {
        lock (_lock)
            _events.AddRange(events);
    }

    public void Add(KnownStream stream)
    {
        lock (_lock)
            _streams.Add(stream);
    }

    public KnownStream? AnyStream()
    {
        lock (_lock)
            return _streams.Count == 0 ? null : _streams[Random.Shared.Next(_streams.Count)];
    }

    /// <summary>Some events, the latest ones among them.</summary>
    public long[] SomeEvents()
    {
        lock (_lock)
        {
            var latest = _events.Skip(Math.Max(_events.Count - 20, 0));
            var others = _events.Count == 0
                ? []
                : Enumerable.Range(0, 100).Select(_ => _events[Random.Shared.Next(_events.Count)]);
            return [.. latest.Concat(others).Distinct()];
        }
    }

    public long[] AllEvents()
    {
        lock (_lock)
            return [.. _events];
    }

    public KnownStream[] AllStreams()
    {
        lock (_lock)
            return [.. _streams];
    }
}
