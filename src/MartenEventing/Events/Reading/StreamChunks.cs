using System.Runtime.CompilerServices;

namespace MartenEventing.Events.Reading;

/// <summary>Reads versions of a stream a chunk at a time.</summary>
internal sealed class StreamChunks(BoundedReader reader, int size, StreamId stream, long from, long to)
{
    public async IAsyncEnumerable<StoredEvent> ForwardsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (first, last) = (from, to);
        do
        {
            var chunk = await reader.ReadAsync(
                stream, first, EndOf(first, last), cancellationToken, known: first == from ? 0 : last);
            if (first == from)
                last = Math.Min(to, chunk.StreamVersion);
            foreach (var found in chunk.Events)
                yield return found;
            first = EndOf(first, last) + 1;
        }
        while (first <= last);
    }

    public async IAsyncEnumerable<StoredEvent> BackwardsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Most streams are no longer than a chunk: then this is all of it, and tells so.
        var lowest = await reader.ReadAsync(stream, from, EndOf(from, to), cancellationToken);
        var last = Math.Min(to, lowest.StreamVersion);
        while (last - from >= size)
        {
            var first = Math.Max(from + size, last - size + 1);
            var chunk = await reader.ReadAsync(stream, first, last, cancellationToken, known: last);
            for (var i = chunk.Events.Count - 1; i >= 0; i--)
                yield return chunk.Events[i];
            last = first - 1;
        }

        for (var i = lowest.Events.Count - 1; i >= 0; i--)
            yield return lowest.Events[i];
    }

    /// <summary>The end of a chunk, without overflow.</summary>
    private long EndOf(long first, long last) => last - first < size ? last : first + size - 1;
}
