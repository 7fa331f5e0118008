using System.Data;
using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Importing;

/// <summary>One attempt to store a batch: a transaction from the reservation of its room to the commit.</summary>
internal sealed class ImportAttempt : IAsyncDisposable
{
    private readonly StoreSession _session;
    private readonly StoredProgress _progress;
    private readonly TaskCompletionSource _reserved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop;
    private readonly Task _writing;
    private NpgsqlConnection? _connection;
    private NpgsqlTransaction? _transaction;

    /// <summary>Begins to write the batch on a lane, once the batch before has reserved its room.</summary>
    public ImportAttempt(
        StoreSession session, StoredProgress progress, ImportBatch batch, ImportLane lane, ImportAttempt? before,
        CancellationToken cancellationToken)
    {
        _session = session;
        _progress = progress;
        Batch = batch;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var turn = before?._reserved.Task ?? Task.CompletedTask;
        _writing = Task.Run(() => WriteAsync(lane, turn, _stop.Token), CancellationToken.None);
    }

    public ImportBatch Batch { get; }

    /// <summary>How many streams had no events before.</summary>
    public int NewStreams { get; private set; }

    /// <summary>Waits until all is written, moves the progress on and commits.</summary>
    /// <returns>False, and nothing is stored, when the progress is not where the batch begins.</returns>
    public async Task<bool> CommitAsync(CancellationToken cancellationToken)
    {
        await _writing;
        if (!await _progress.MoveAsync(_connection!, Batch.LinesBefore, Batch.LinesAfter, cancellationToken))
            return false;
        await _transaction!.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Stops, and rolls back what is not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_transaction is not null)
            await _transaction.DisposeAsync();
        _stop.Dispose();
    }

    private async Task WriteAsync(ImportLane lane, Task turn, CancellationToken cancellationToken)
    {
        try
        {
            _connection = await lane.ConnectAsync(cancellationToken);
            await turn;
            _transaction = await _connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
            if (Batch.Count > 0)
                await ReserveAsync(_connection, cancellationToken);
            _reserved.SetResult();
        }
        catch
        {
            _reserved.TrySetCanceled(CancellationToken.None);
            throw;
        }

        if (Batch.Count > 0)
            await RowCopy.SendAsync(_connection, _session.Prefix, Batch, cancellationToken);
    }

    private async Task ReserveAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var reservation = new Reservation(Batch.Rows);
        await using var command = connection.CreateCommand();
        reservation.Fill(command, _session.Prefix);
        await _session.PrepareAsync(command, cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        NewStreams = reservation.Assign(Batch, reader.GetFieldValue<long[]>(0), reader.GetFieldValue<long[]>(1));
    }
}
