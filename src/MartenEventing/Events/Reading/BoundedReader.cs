using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Reading;

/// <summary>
/// Reads streams at a price that does not grow with the number of partitions: by the names of the leaves that hold
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
            if (!layout.IsReadable || layout.Leaves.Count == 0)
                break;
            try
            {
                if (await ReadAsync(connection, layout, request, cancellationToken) is { } range)
                    return range;
            }
            catch (PostgresException error)
                when (error.SqlState == PostgresErrorCodes.InsufficientPrivilege && !layout.IsPlain)
            {
                layout.IsReadable = false;
                break;
            }
            catch (PostgresException error) when (Faults.IsLayoutChanged(error))
            {
                // A leaf has gone, or is no table any more. The layout is read again below.
            }

            memory.Forget(request.Stream);
            await layouts.RefreshAsync(connection, layout, cancellationToken);
        }

        return await ReadParentAsync(connection, request, cancellationToken);
    }

    /// <returns>Null when the layout is out of date.</returns>
    private async Task<StreamRange?> ReadAsync(
        NpgsqlConnection connection, Layout layout, Request request, CancellationToken cancellationToken)
    {
        if (layout.IsPlain)
            return await Batch(request).ReadAsync(connection, layout.Leaves, cancellationToken);

        if (memory.Find(request.Stream)?.Leaves(layout, request.From, request.To) is { } remembered)
        {
            var batch = Batch(request);
            if (Settle(request, batch, await batch.ReadAsync(connection, remembered, cancellationToken)) is { } range)
                return range;
        }
        else if (layout.Guess(request.Stream) is { Count: > 0 } guess)
        {
            var batch = Batch(request);
            var range = await batch.ReadWithLifeAsync(connection, guess, cancellationToken);
            return Settle(request, batch, range)
                ?? await ReadLifeAsync(connection, layout, request, batch.Life, cancellationToken);
        }

        var life = await StreamLife.ReadAsync(session, connection, request.Stream, cancellationToken);
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
        var batch = Batch(request);
        var leaves = layout.Between(life.Earliest, life.Latest);
        return Settle(request, batch, await batch.ReadAsync(connection, leaves, life.Version, cancellationToken))
            ?? await Batch(request).ReadAsync(connection, layouts, layout, life, cancellationToken);
    }

    private LeafBatch Batch(Request request) => new(session, request.Stream, request.From, request.To);

    private StreamRange? Settle(Request request, LeafBatch batch, StreamRange? range)
    {
        if (range?.IsComplete(request.From, request.To) != true)
            return null;
        if (range.Events.Count > 0)
            memory.Remember(request.Stream, batch.Map);
        return range;
    }

    /// <summary>
    /// The way that is always right: planned anew for each read, over all leaves of the stream's life.
    /// </summary>
    private async Task<StreamRange> ReadParentAsync(
        NpgsqlConnection connection, Request request, CancellationToken cancellationToken)
    {
        if (await StreamLife.ReadAsync(session, connection, request.Stream, cancellationToken) is not { } life)
            return StreamRange.NoStream;
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"""
             SELECT {EventColumns.List} FROM {session.Prefix}mt_events e
              WHERE e.stream_id = $1 AND e.version >= $2 AND e.version <= $3 AND e.timestamp >= $4 AND e.timestamp <= $5
                    {session.Scope.And("e", 6)}
              ORDER BY e.version
             """;
        command.Parameters.With(request.Stream).With(request.From).With(Math.Min(request.To, life.Version))
            .With(life.Earliest).With(life.Latest).With(session.Scope);
        var events = new List<StoredEvent>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            events.Add(EventColumns.Read(reader, 0, request.Stream));
        return new StreamRange(life.Version, events);
    }

    private readonly record struct Request(StreamId Stream, long From, long To);
}
