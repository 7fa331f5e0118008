using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Importing;

/// <summary>Stores batches, each once, whatever happens to the connections.</summary>
internal sealed class BatchWriter(
    StoreSession session, ImportConnection[] connections, StoredProgress progress, HistoryPartitions history,
    ImportOptions options)
{
    private const string StreamArchived = "MT001";
    private const string DataException = "22";
    private const string LimitExceeded = "54";

    private readonly ParallelWriter _parallel = new(session, connections, progress);

    public ImportTally Tally { get; } = new();

    /// <summary>Stores a batch.</summary>
    /// <exception cref="InvalidImportLineException">The server refuses a line; those before it are stored.</exception>
    /// <exception cref="ImportInProgressException">Somebody else imports the source.</exception>
    public async Task WriteAsync(ImportBatch batch, CancellationToken cancellationToken)
    {
        foreach (var line in batch.Invalid)
            SetAside(line);
        await session.RetryAsync(token => EnsureHistoryAsync(batch, token), cancellationToken);
        if (BatchSplit.Of(batch) is { } split
            && await _parallel.TryAsync(split, batch, cancellationToken) is { } newStreams)
            Count(batch, newStreams);
        else
            await StoreAsync(batch, cancellationToken);
    }

    private async Task StoreAsync(ImportBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            Count(batch, await session.RetryAsync(token => TryAsync(batch, token), cancellationToken));
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
            if (batch.BeforeEvent() is { IsEmpty: false } before)
                await StoreAsync(before, cancellationToken);
            throw new InvalidImportLineException(row.Line, reason, progress.Source, error);
        }

        SetAside(new InvalidLine(row.Line, reason, batch.TextOf(row)));
        await StoreAsync(batch.WithoutEvent(), cancellationToken);
    }

    /// <returns>How many streams had no events before.</returns>
    private async Task<int> TryAsync(ImportBatch batch, CancellationToken cancellationToken)
    {
        foreach (var lane in connections)
            await lane.ConnectAsync(cancellationToken); // which ends what is left of earlier attempts
        var connection = await connections[0].ConnectAsync(cancellationToken);
        var state = await progress.ReadAsync(connection, cancellationToken);
        if (state.Lines == batch.LinesAfter)
            return 0;
        var rest = batch.Where(row => !state.Holds(row.Line, row.Stream));
        await using var transaction = await ImportTransaction.BeginAsync(session, connection, rest, cancellationToken);
        rest.Number(await transaction.DrawAsync(rest.Count, cancellationToken));
        await transaction.CopyAsync(cancellationToken);
        if (!await progress.MoveAsync(connection, batch.LinesBefore, batch.LinesAfter, cancellationToken))
            throw new ImportInProgressException(progress.Source, null);
        await transaction.CommitAsync(cancellationToken);
        return transaction.NewStreams;
    }

    private async Task<bool> EnsureHistoryAsync(ImportBatch batch, CancellationToken cancellationToken)
    {
        await history.EnsureAsync(await connections[0].ConnectAsync(cancellationToken), batch, cancellationToken);
        Tally.Floor = history.Floor;
        return true;
    }

    private void Count(ImportBatch batch, int newStreams)
    {
        Tally.Add(batch, newStreams);
        options.Progress?.Report(new ImportProgress(batch.LinesAfter, Tally.Events, batch.BytesRead));
    }

    private void SetAside(InvalidLine line)
    {
        options.SetAside!(line);
        Tally.InvalidLines++;
    }

    private static bool IsAboutData(PostgresException error) =>
        error.SqlState == StreamArchived
        || error.SqlState.StartsWith(DataException, StringComparison.Ordinal)
        || error.SqlState.StartsWith(LimitExceeded, StringComparison.Ordinal);
}
