using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Reading;

/// <summary>
/// Reads pages by sequence from the parts of mt_events that may hold them: the leaves that are not sealed, and those
/// whose sealed sequences overlap. Afterwards it is looked whether the same partitions are attached and no seal was
/// withdrawn.
/// </summary>
internal sealed class PageReader(StoreSession session, LayoutCache layouts)
{
    private const int Attempts = 4;

    /// <summary>
    /// For the transaction: the server would plan pages anew, as the values promise it a cheaper plan than it ever
    /// gets.
    /// </summary>
    private const string KeepPlan = "SELECT pg_catalog.set_config('plan_cache_mode', 'force_generic_plan', true)";

    /// <summary>The committed events after a sequence, at most as many as this.</summary>
    public Task<List<StoredEvent>> ReadAsync(long after, int count, CancellationToken cancellationToken) =>
        session.RunAsync((connection, token) => ReadAsync(connection, after, count, token), cancellationToken);

    private async Task<List<StoredEvent>> ReadAsync(
        NpgsqlConnection connection, long after, int count, CancellationToken cancellationToken)
    {
        var page = new List<StoredEvent>();
        while (true)
        {
            var (events, upTo) = await ReadWindowAsync(connection, after, count, cancellationToken);
            foreach (var found in events)
                if (found.Sequence <= upTo && page.Count < count)
                    page.Add(found);
            if (page.Count == count || upTo == long.MaxValue)
                return page;
            after = upTo;
        }
    }

    private async Task<(List<StoredEvent> Events, long UpTo)> ReadWindowAsync(
        NpgsqlConnection connection, long after, int count, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var layout = await layouts.CurrentAsync(connection, cancellationToken);
            if (layout.Leaves.Count == 0)
                return ([], long.MaxValue);
            var window = PageWindow.Of(layout, after, count);
            if (await ReadAsync(connection, layout, window, after, count, cancellationToken) is { } events)
                return (events, window.UpTo);
            await layouts.RefreshAsync(connection, layout, cancellationToken);
        }

        return (await ReadWholeAsync(connection, after, count, cancellationToken), long.MaxValue);
    }

    /// <returns>Null when the layout is out of date.</returns>
    private async Task<List<StoredEvent>?> ReadAsync(
        NpgsqlConnection connection,
        Layout layout,
        PageWindow window,
        long after,
        int count,
        CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        var command = new NpgsqlBatchCommand(PageSql(window.Leaves, count));
        command.Parameters.With(after).With(window.UpTo).With(session.Scope);
        if (!layout.IsPlain)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(KeepPlan));
        batch.BatchCommands.Add(command);
        if (!layout.IsPlain)
            batch.BatchCommands.Add(layouts.StampCommand());
        await session.PrepareAsync(batch, cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!layout.IsPlain)
            await reader.NextResultAsync(cancellationToken);
        var events = await ReadAsync(reader, cancellationToken);
        if (layout.IsPlain)
            return events;
        await reader.NextResultAsync(cancellationToken);
        var stamp = await LayoutCache.ReadStampAsync(reader, cancellationToken);
        return stamp == (layout.Epoch, layout.Fingerprint) ? events : null;
    }

    private async Task<List<StoredEvent>> ReadWholeAsync(
        NpgsqlConnection connection, long after, int count, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = PageSql([Leaf.Whole(session.Scope)], count);
        command.Parameters.With(after).With(long.MaxValue).With(session.Scope);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(reader, cancellationToken);
    }

    /// <summary>
    /// Events after $1 up to $2. Each leaf brings its own in order and no more than the page holds, so whatever the
    /// planner thinks of the bounds, it walks the indexes and merges them, and what lies behind $2 is not touched.
    /// </summary>
    private string PageSql(IEnumerable<Leaf> leaves, int count) =>
        "SELECT * FROM ("
        + string.Join(" UNION ALL ", leaves.Select(leaf =>
            $"(SELECT {EventColumns.ListWithStream} FROM {session.Prefix}mt_events e WHERE e.seq_id {Own.Greater} $1 "
            + $"AND e.seq_id {Own.AtMost} $2{leaf.AndWithin(3)} ORDER BY e.seq_id LIMIT {count})"))
        + $") e ORDER BY e.seq_id LIMIT {count}";

    private static async Task<List<StoredEvent>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var events = new List<StoredEvent>();
        while (await reader.ReadAsync(cancellationToken))
            events.Add(EventColumns.ReadWithStream(reader, 0));
        return events;
    }
}
