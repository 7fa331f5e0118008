using System.Collections.Concurrent;

namespace MartenEventing.Events.Reading;

/// <summary>
/// The maps of the streams used last. Two generations: when the young one is full the old one is forgotten, and
/// whatever is used moves to the young one. So at least half of the capacity is what was used last, without a list to
/// keep in order.
/// </summary>
internal sealed class StreamMemory(int capacity)
{
    private ConcurrentDictionary<StreamId, StreamMap> _young = new();
    private ConcurrentDictionary<StreamId, StreamMap> _old = new();
    private int _added;

    public StreamMap? Find(StreamId stream)
    {
        if (_young.TryGetValue(stream, out var map))
            return map;
        if (!_old.TryGetValue(stream, out map))
            return null;
        Put(stream, map);
        return map;
    }

    /// <summary>Adds to what is known of the stream.</summary>
    public void Remember(StreamId stream, StreamMap map)
    {
        var known = Find(stream);
        var joined = known?.With(map) ?? map;
        if (!ReferenceEquals(joined, known))
            Put(stream, joined);
    }

    public void Forget(StreamId stream)
    {
        _young.TryRemove(stream, out _);
        _old.TryRemove(stream, out _);
    }

    private void Put(StreamId stream, StreamMap map)
    {
        if (capacity == 0)
            return;
        if (_young.TryAdd(stream, map))
        {
            if (Interlocked.Increment(ref _added) > capacity / 2)
                TurnGeneration();
        }
        else
        {
            _young[stream] = map;
        }
    }

    private void TurnGeneration()
    {
        Interlocked.Exchange(ref _added, 0);
        _old = Interlocked.Exchange(ref _young, new ConcurrentDictionary<StreamId, StreamMap>());
    }
}
