using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Reading;

/// <summary>
/// Reads streams at a price that does not grow with the number of partitions: from the parts of mt_events that hold
/// them. Where that is can be guessed, because a complete run of versions proves itself; docs/decisions/D7 tells how.
/// </summary>
internal sealed class BoundedReader(StoreSession session, LayoutCache layouts, StreamMemory memory)
{
    private const int Attempts = 4;

    /// <summary>Reads these versions, which must begin at 1 or above.</summary>
    public async Task<StreamRange> ReadAsync(StreamId stream, long from, long to, CancellationToken cancellationToken)
    {
        await session.RequireIdentityAsync(stream, cancellationToken);
        return await session.RunAsync(
            (connection, token) => ReadAsync(connection, new Request(stream, from, to), token), cancellationToken);
    }

    private async Task<StreamRange> ReadAsync(
        NpgsqlConnection connection, Request request, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var layout = await layouts.CurrentAsync(connection, cancellationToken);
            if (layout.Leaves.Count == 0)
                break;
            if (await ReadAsync(connection, layout, request, cancellationToken) is { } range)
                return range;
            memory.Forget(request.Stream);
            await layouts.RefreshAsync(connection, layout, cancellationToken);
        }

        return await Batch(request).ReadAsync(connection, [Leaf.Whole(session.Scope)], cancellationToken);
    }

    /// <returns>Null when the layout is out of date.</returns>
    private async Task<StreamRange?> ReadAsync(
        NpgsqlConnection connection, Layout layout, Request request, CancellationToken cancellationToken)
    {
        if (layout.IsPlain)
            return await Batch(request).ReadAsync(connection, layout.Leaves, cancellationToken);

        if (memory.Find(request.Stream)?.Leaves(layout, request.From, request.To) is { Count: > 0 } remembered)
        {
            var batch = Batch(request);
            if (Settle(request, batch, await batch.ReadAsync(connection, remembered, cancellationToken)) is { } range)
                return range;
        }
        else if (layout.Guess(request.Stream) is { Count: > 0 } guess)
        {
            var batch = Batch(request);
            var range = await batch.ReadWithLifeAsync(connection, guess, layout.SeesBounds, cancellationToken);
            return Settle(request, batch, range)
                ?? await ReadLifeAsync(connection, layout, request, batch.Life, cancellationToken);
        }

        var life = await StreamLife.ReadAsync(
            session, connection, request.Stream, layout.SeesBounds, cancellationToken);
        return await ReadLifeAsync(connection, layout, request, life, cancellationToken);
    }

    /// <summary>Reads all leaves of the stream's life.</summary>
    /// <returns>Null when the layout is out of date.</returns>
    private async Task<StreamRange?> ReadLifeAsync(
        NpgsqlConnection connection,
        Layout layout,
        Request request,
        StreamLife? life,
        CancellationToken cancellationToken)
    {
        if (life is null)
            return StreamRange.NoStream;
        if (request.From > Math.Min(request.To, life.Version))
            return new StreamRange(life.Version, []);
        if (layout.Between(life.Earliest, life.Latest) is not { Count: > 0 } leaves)
            return null;
        var batch = Batch(request);
        return Settle(request, batch, await batch.ReadAsync(connection, leaves, life.Version, cancellationToken))
            ?? await ReadSpanAsync(
                connection, Leaf.Spanning(leaves), layout.SeesBounds, request, cancellationToken);
    }

    /// <summary>
    /// Reads a stream whose versions do not prove themselves, because some are not there or not to be seen: in one
    /// statement, so of one instant, together with the life that it has at that instant.
    /// </summary>
    /// <returns>Null when the life has outgrown the span.</returns>
    private async Task<StreamRange?> ReadSpanAsync(
        NpgsqlConnection connection, Leaf span, bool seesBounds, Request request, CancellationToken cancellationToken)
    {
        var batch = Batch(request);
        var range = await batch.ReadWithLifeAsync(connection, [span], seesBounds, cancellationToken);
        return batch.Life is not { } life || span.Holds(life.Earliest, life.Latest) ? range : null;
    }

    private LeafBatch Batch(Request request) => new(session, request.Stream, request.From, request.To);

    private StreamRange? Settle(Request request, LeafBatch batch, StreamRange range)
    {
        if (!range.IsComplete(request.From, request.To))
            return null;
        if (range.Events.Count > 0)
            memory.Remember(request.Stream, batch.Map);
        return range;
    }

    private readonly record struct Request(StreamId Stream, long From, long To);
}
