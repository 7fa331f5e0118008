using System.Runtime.InteropServices;

namespace MartenEventing.Events.Importing;

/// <summary>A batch in two, which have no stream in common and about as many events each.</summary>
/// <param name="First">The events of the streams below <see cref="Below"/>.</param>
/// <param name="Second">The events of the others.</param>
/// <param name="Below">The first stream of the second half.</param>
internal sealed record BatchSplit(ImportBatch First, ImportBatch Second, StreamId Below)
{
    private const int FewestEvents = 10;

    /// <summary>Null when the batch is too small, or its events cannot be told apart so.</summary>
    public static BatchSplit? Of(ImportBatch batch)
    {
        if (batch.Count < FewestEvents || Middle(batch) is not { } below)
            return null;
        return new BatchSplit(
            batch.Where(row => StreamOrder.Compare(row.Stream, below) < 0),
            batch.Where(row => StreamOrder.Compare(row.Stream, below) >= 0),
            below);
    }

    private static StreamId? Middle(ImportBatch batch)
    {
        var counts = new Dictionary<StreamId, int>();
        foreach (var row in batch.Rows)
            CollectionsMarshal.GetValueRefOrAddDefault(counts, row.Stream, out _)++;
        StreamId[] streams = [.. counts.Keys];
        Array.Sort(streams, StreamOrder.Compare);
        var passed = 0;
        for (var i = 0; i < streams.Length - 1; i++)
        {
            passed += counts[streams[i]];
            if (2 * passed >= batch.Count)
                return streams[i + 1];
        }

        return streams.Length > 1 ? streams[^1] : default(StreamId?);
    }
}
