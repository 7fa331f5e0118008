using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Importing;

/// <summary>
/// Stores a batch on two connections at once: half of its streams each, one sequence for both. The first transaction
/// notes in the progress which streams it has stored; the second, which commits after it, completes the batch.
/// </summary>
internal sealed class ParallelWriter(
    StoreSession session, ImportConnection[] connections, StoredProgress progress)
{
    /// <summary>
    /// One transaction of ours waits for the other where the server does not see it, so nothing may wait for long.
    /// </summary>
    private const string BoundWaiting = "SELECT set_config('lock_timeout', '5s', true)";

    /// <summary>Tries to store a batch.</summary>
    /// <returns>How many streams had no events before; null when it was not stored, or only a half of it.</returns>
    public async Task<int?> TryAsync(BatchSplit split, ImportBatch whole, CancellationToken cancellationToken)
    {
        try
        {
            await using var first = await BeginAsync(0, split.First, cancellationToken);
            await using var second = await BeginAsync(1, split.Second, cancellationToken);
            whole.Number(await second.DrawAsync(whole.Count, cancellationToken));
            await Task.WhenAll(
                Task.Run(() => first.CopyAsync(cancellationToken), CancellationToken.None),
                second.CopyAsync(cancellationToken));
            if (!await progress.MoveHalfAsync(first.Connection, split, cancellationToken))
                return null;
            await first.CommitAsync(cancellationToken);
            if (!await progress.MoveAsync(
                second.Connection, whole.LinesBefore, whole.LinesAfter, cancellationToken))
                return null;
            await second.CommitAsync(cancellationToken);
            return first.NewStreams + second.NewStreams;
        }
        catch (NpgsqlException)
        {
            return null; // to be met again, or not, when the batch is stored on one connection
        }
    }

    private async Task<ImportTransaction> BeginAsync(int lane, ImportBatch half, CancellationToken cancellationToken)
    {
        var connection = await connections[lane].ConnectAsync(cancellationToken);
        return await ImportTransaction.BeginAsync(session, connection, half, cancellationToken, BoundWaiting);
    }
}
