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

    /// <summary>
    /// Reads these versions, which must begin at 1 or above. known: a version that the stream is known to have come to,
    /// 0 when none is: where mt_streams tells of less, it is not believed.
    /// </summary>
    public async Task<StreamRange> ReadAsync(
        StreamId stream, long from, long to, CancellationToken cancellationToken, long known = 0)
    {
        await session.RequireIdentityAsync(stream, cancellationToken);
        return await session.RunAsync(
            (connection, token) => ReadAsync(connection, new Request(stream, from, to), known, token),
            cancellationToken);
    }

    private async Task<StreamRange> ReadAsync(
        NpgsqlConnection connection, Request request, long known, CancellationToken cancellationToken)
    {
        var range = await ReadAsync(connection, request, cancellationToken);
        return range.StreamVersion < known ? await ReadWholeAsync(connection, request, cancellationToken) : range;
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

        return await ReadWholeAsync(connection, request, cancellationToken);
    }

    /// <returns>Null when the layout is out of date.</returns>
    private async Task<StreamRange?> ReadAsync(
        NpgsqlConnection connection, Layout layout, Request request, CancellationToken cancellationToken)
    {
        if (layout.IsPlain)
            return await ReadWholeAsync(connection, request, cancellationToken);

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
            ?? await ReadWholeAsync(connection, request, cancellationToken);
    }

    /// <summary>
    /// Reads a stream whose versions do not prove themselves, because some are not there, not to be seen, or not where
    /// what is known of the stream says: from everywhere, in one statement, so of one instant.
    /// </summary>
    private async Task<StreamRange> ReadWholeAsync(
        NpgsqlConnection connection, Request request, CancellationToken cancellationToken)
    {
        var batch = Batch(request);
        var range = await batch.ReadAsync(connection, [Leaf.Whole(session.Scope)], cancellationToken);
        return batch.SawBeyond
            ? range with { StreamVersion = await HighestAsync(connection, request.Stream, cancellationToken) }
            : range;
    }

    /// <summary>What the events say, where mt_streams says less.</summary>
    private async Task<long> HighestAsync(
        NpgsqlConnection connection, StreamId stream, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"SELECT pg_catalog.max(e.version) FROM {session.Prefix}mt_events e "
            + $"WHERE e.stream_id {Own.Equal} $1{session.Scope.And("e", 2)}";
        command.Parameters.With(stream).With(session.Scope);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private LeafBatch Batch(Request request) => new(session, request.Stream, request.From, request.To);

    private StreamRange? Settle(Request request, LeafBatch batch, StreamRange range)
    {
        if (batch.SawBeyond || !range.IsComplete(request.From, request.To))
            return null;
        if (range.Events.Count > 0)
            memory.Remember(request.Stream, batch.Map);
        return range;
    }

    private readonly record struct Request(StreamId Stream, long From, long To);
}
