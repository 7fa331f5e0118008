using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Importing;

/// <summary>Stores batches one after the other, each once, whatever happens to the connection.</summary>
internal sealed class BatchWriter(
    StoreSession session, ImportLane[] lanes, HistoryPartitions history, StoredProgress progress, ImportOptions options)
{
    private const string StreamArchived = "MT001";
    private const string DataException = "22";
    private const string LimitExceeded = "54";

    public ImportTally Tally { get; } = new();

    /// <summary>Stores a batch.</summary>
    /// <exception cref="InvalidImportLineException">The server refuses a line; those before it are stored.</exception>
    /// <exception cref="ImportInProgressException">Somebody else imports the source.</exception>
    public async Task StoreAsync(ImportBatch batch, CancellationToken cancellationToken)
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

    /// <summary>Whether a batch asks for partitions that are not there.</summary>
    public bool IsHistoryLacking(ImportBatch batch) => history.IsLacking(batch);

    /// <summary>Makes the partitions that a batch asks for.</summary>
    public Task EnsureHistoryAsync(ImportBatch batch, CancellationToken cancellationToken) => session.RetryAsync(
        async token => await history.EnsureAsync(await lanes[0].ConnectAsync(token), batch, token), cancellationToken);

    /// <summary>Tells that a batch is stored.</summary>
    public void Count(ImportBatch batch, int newStreams)
    {
        Tally.Add(batch, newStreams, history.Floor);
        options.Progress?.Report(new ImportProgress(batch.LinesAfter, Tally.Events, batch.BytesRead));
    }

    public void SetAside(IEnumerable<InvalidLine> lines)
    {
        foreach (var line in lines)
        {
            options.SetAside!(line);
            Tally.InvalidLines++;
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

        SetAside([new InvalidLine(row.Line, reason, batch.TextOf(row))]);
        await StoreAsync(batch.WithoutEvent(), cancellationToken);
    }

    private async Task<int> TryAsync(ImportBatch batch, CancellationToken cancellationToken)
    {
        foreach (var lane in lanes)
            await lane.ConnectAsync(cancellationToken); // which ends what is left of earlier attempts
        if (await IsStoredAsync(batch, cancellationToken))
            return 0;
        await using var attempt = new ImportAttempt(
            session, progress, batch, lanes[0], before: null, cancellationToken);
        if (await attempt.CommitAsync(cancellationToken))
            return attempt.NewStreams;
        throw new ImportInProgressException(progress.Source);
    }

    private async Task<bool> IsStoredAsync(ImportBatch batch, CancellationToken cancellationToken) =>
        await progress.ReadAsync(await lanes[0].ConnectAsync(cancellationToken), cancellationToken) == batch.LinesAfter;

    private static bool IsAboutData(PostgresException error) =>
        error.SqlState == StreamArchived
        || error.SqlState.StartsWith(DataException, StringComparison.Ordinal)
        || error.SqlState.StartsWith(LimitExceeded, StringComparison.Ordinal);
}
