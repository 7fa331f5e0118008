using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Importing;

/// <summary>Stores batches, each in one transaction, once, whatever happens to the connection.</summary>
internal sealed class BatchWriter(
    StoreSession session, ImportClaim claim, HistoryPartitions history, string source, ImportOptions options)
{
    private const string StreamArchived = "MT001";
    private const string DataException = "22";
    private const string LimitExceeded = "54";

    private readonly StoredProgress _progress = new(session.Prefix, source);

    public ImportTally Tally { get; } = new();

    /// <summary>Stores a batch.</summary>
    /// <exception cref="InvalidImportLineException">The server refuses a line; those before it are stored.</exception>
    /// <exception cref="ImportInProgressException">Somebody else imports the source.</exception>
    public async Task WriteAsync(ImportBatch batch, CancellationToken cancellationToken)
    {
        SetAside(batch.Invalid);
        await StoreAsync(batch, cancellationToken);
    }

    private async Task StoreAsync(ImportBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            var created = await session.RetryAsync(token => TryAsync(batch, token), cancellationToken);
            Tally.Add(batch, created, history.Floor);
            options.Progress?.Report(new ImportProgress(batch.LinesAfter, Tally.Events, batch.BytesRead));
        }
        catch (PostgresException error) when (IsAboutData(error) && batch.Count > 0)
        {
            await StoreWithoutRefusedAsync(batch, error, cancellationToken);
        }
    }

    /// <summary>Finds what the server refuses by storing ever smaller batches.</summary>
    private async Task StoreWithoutRefusedAsync(
        ImportBatch batch, PostgresException error, CancellationToken cancellationToken)
    {
        if (batch.Count > 1)
        {
            var (first, second) = batch.Halves();
            await StoreAsync(first, cancellationToken);
            await StoreAsync(second, cancellationToken);
            return;
        }

        var row = batch.Rows[0];
        var reason = error.SqlState == StreamArchived
            ? $"its stream {row.Stream} is archived and takes no more events."
            : $"the server refuses it: {error.MessageText} (SQLSTATE {error.SqlState}).";
        if (options.SetAside is null)
        {
            await StoreAsync(batch.BeforeEvent(), cancellationToken);
            throw new InvalidImportLineException(row.Line, reason, source, error);
        }

        var line = new InvalidLine(row.Line, reason, batch.TextOf(row));
        SetAside([line]);
        await StoreAsync(batch.WithoutEvent(line), cancellationToken);
    }

    private async Task<int> TryAsync(ImportBatch batch, CancellationToken cancellationToken)
    {
        var connection = await claim.ConnectAsync(cancellationToken);
        await history.EnsureAsync(connection, batch, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(
            System.Data.IsolationLevel.ReadCommitted, cancellationToken);
        var reservation = new Reservation(batch.Rows);
        if (await ReserveAsync(connection, batch, reservation, cancellationToken) is not { } created)
        {
            await transaction.RollbackAsync(cancellationToken);
            if (await _progress.ReadAsync(connection, cancellationToken) == batch.LinesAfter)
                return 0; // the attempt before was stored after all
            throw new ImportInProgressException(source);
        }

        if (batch.Count > 0)
            await RowCopy.SendAsync(connection, session.Prefix, batch, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return created;
    }

    /// <summary>Moves the progress on, locks the streams and gives the rows their numbers.</summary>
    /// <returns>How many streams are new; null when the progress is not where the batch begins.</returns>
    private async Task<int?> ReserveAsync(
        NpgsqlConnection connection, ImportBatch batch, Reservation reservation, CancellationToken cancellationToken)
    {
        await using var statements = connection.CreateBatch();
        var move = _progress.Move(batch.LinesBefore, batch.LinesAfter);
        statements.BatchCommands.Add(move);
        if (batch.Count > 0)
            statements.BatchCommands.Add(reservation.Command(session.Prefix));
        await session.PrepareAsync(statements, cancellationToken);
        await using var reader = await statements.ExecuteReaderAsync(cancellationToken);
        if (batch.Count == 0)
            return move.RecordsAffected == 1 ? 0 : null;
        await reader.ReadAsync(cancellationToken);
        return move.RecordsAffected == 1
            ? reservation.Assign(batch, reader.GetFieldValue<long[]>(0), reader.GetFieldValue<long[]>(1))
            : null;
    }

    private void SetAside(IEnumerable<InvalidLine> lines)
    {
        foreach (var line in lines)
        {
            options.SetAside!(line);
            Tally.InvalidLines++;
        }
    }

    private static bool IsAboutData(PostgresException error) =>
        error.SqlState == StreamArchived
        || error.SqlState.StartsWith(DataException, StringComparison.Ordinal)
        || error.SqlState.StartsWith(LimitExceeded, StringComparison.Ordinal);
}
