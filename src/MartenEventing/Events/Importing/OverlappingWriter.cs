using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Importing;

/// <summary>
/// Stores batches on two connections in turns: the next batch is copied while the server still works on the one before.
/// A batch reserves its room after the one before it and commits after it, so that all numbers follow the order of the
/// lines. When something goes wrong both are rolled back, and a <see cref="BatchWriter"/> stores the earlier one.
/// </summary>
internal sealed class OverlappingWriter(
    StoreSession session, ImportLane[] lanes, StoredProgress progress, BatchWriter writer) : IAsyncDisposable
{
    private ImportAttempt? _running;
    private int _turn;

    /// <summary>Begins to store a batch, and stores the one before.</summary>
    public async Task WriteAsync(ImportBatch batch, CancellationToken cancellationToken)
    {
        writer.SetAside(batch.Invalid);
        if (writer.IsHistoryLacking(batch))
        {
            await EndAsync(cancellationToken);
            await writer.EnsureHistoryAsync(batch, cancellationToken);
        }

        var before = _running;
        _running = Begin(batch, before, cancellationToken);
        if (before is null)
            return;
        if (!await TryEndAsync(before, cancellationToken))
        {
            await _running.DisposeAsync();
            _running = null;
            await EndAsync(before, cancellationToken);
            _running = Begin(batch, before: null, cancellationToken);
        }
    }

    /// <summary>Stores the last batch.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _running, null) is { } last && !await TryEndAsync(last, cancellationToken))
            await EndAsync(last, cancellationToken);
    }

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _running, null)?.DisposeAsync() ?? default;

    private ImportAttempt Begin(ImportBatch batch, ImportAttempt? before, CancellationToken cancellationToken) =>
        new(session, progress, batch, lanes[_turn++ % lanes.Length], before, cancellationToken);

    private async Task<bool> TryEndAsync(ImportAttempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            if (!await attempt.CommitAsync(cancellationToken))
                return false;
        }
        catch (NpgsqlException)
        {
            return false; // to be seen again, or not, when the batch is stored by itself
        }

        await attempt.DisposeAsync();
        writer.Count(attempt.Batch, attempt.NewStreams);
        attempt.Batch.Dispose();
        return true;
    }

    private async Task EndAsync(ImportAttempt failed, CancellationToken cancellationToken)
    {
        await failed.DisposeAsync();
        await writer.StoreAsync(failed.Batch, cancellationToken);
        failed.Batch.Dispose();
    }
}
