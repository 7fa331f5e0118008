using System.Data;
using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Importing;

/// <summary>A transaction that stores a batch, or a half of one.</summary>
internal sealed class ImportTransaction : IAsyncDisposable
{
    private readonly StoreSession _session;
    private readonly NpgsqlTransaction _transaction;
    private readonly ImportBatch _batch;

    private ImportTransaction(StoreSession session, NpgsqlTransaction transaction, ImportBatch batch) =>
        (_session, _transaction, _batch) = (session, transaction, batch);

    public NpgsqlConnection Connection => _transaction.Connection!;

    /// <summary>How many streams had no events before.</summary>
    public int NewStreams { get; private set; }

    /// <summary>
    /// Begins, runs a first statement if there is one, locks the streams and gives the events their versions.
    /// </summary>
    public static async Task<ImportTransaction> BeginAsync(
        StoreSession session, NpgsqlConnection connection, ImportBatch batch, CancellationToken cancellationToken,
        string? first = null)
    {
        var begun = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        var transaction = new ImportTransaction(session, begun, batch);
        try
        {
            await transaction.ExecuteAsync(first, cancellationToken);
            if (batch.Count > 0)
                await transaction.ReserveAsync(cancellationToken);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Draws sequence numbers. Only when all streams are locked: within a stream they follow the versions.
    /// </summary>
    public async Task<long[]> DrawAsync(int count, CancellationToken cancellationToken)
    {
        await using var command = Connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = DrawSql(_session.Prefix);
        command.Parameters.With(count);
        return (long[])(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public static string DrawSql(string prefix) => $"SELECT {prefix}mt_draw_sequences($1)";

    /// <summary>Copies the events.</summary>
    public Task CopyAsync(CancellationToken cancellationToken) => _batch.Count == 0
        ? Task.CompletedTask
        : RowCopy.SendAsync(Connection, _session.Prefix, _batch, cancellationToken);

    public Task CommitAsync(CancellationToken cancellationToken) => _transaction.CommitAsync(cancellationToken);

    /// <summary>Rolls back what is not committed.</summary>
    public ValueTask DisposeAsync() => _transaction.DisposeAsync();

    private async Task ExecuteAsync(string? sql, CancellationToken cancellationToken)
    {
        if (sql is null)
            return;
        await using var command = new NpgsqlCommand(sql, Connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task ReserveAsync(CancellationToken cancellationToken)
    {
        var reservation = new Reservation(_batch.Rows);
        await using var command = Connection.CreateCommand();
        command.CommandTimeout = 0;
        reservation.Fill(command, _session);
        await _session.PrepareAsync(command, cancellationToken);
        NewStreams = reservation.Assign(_batch, (long[])(await command.ExecuteScalarAsync(cancellationToken))!);
    }
}
