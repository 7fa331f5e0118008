using System.Text.Json;
using MartenEventing.Events.Connecting;
using MartenEventing.Events.Reading;
using Npgsql;

namespace MartenEventing.Events.Appending;

/// <summary>
/// Appends once, whatever happens to the connection: a retry ends what is left of the earlier attempt, appends in a
/// transaction, looks whether the earlier attempt had stored the events after all, and rolls back if so.
/// </summary>
internal sealed class Appender(StoreSession session, LayoutCache layouts, StreamMemory memory)
{
    private const string VersionConflict = "MT003";
    private const string StreamArchived = "MT001";
    private const string DataException = "22";

    public async Task<IReadOnlyList<AppendResult>> AppendAsync(
        IReadOnlyList<StreamAppend> appends, CancellationToken cancellationToken)
    {
        EventCheck.Require(appends);
        foreach (var append in appends)
            await session.RequireIdentityAsync(append.Stream, cancellationToken);
        var command = new AppendCommand(session, appends);
        var lost = new LostBackends(session.Clock);
        var attempts = 0;
        try
        {
            var results = await session.RunAsync(
                async (connection, token) =>
                {
                    if (attempts++ > 0)
                        return await AppendUnlessStoredAsync(connection, command, appends, lost, token);
                    lost.Note(connection);
                    return await command.ExecuteAsync(connection, token);
                },
                cancellationToken);
            Remember(appends, results);
            return results;
        }
        catch (PostgresException error)
        {
            if (await TranslateAsync(error, appends, cancellationToken) is { } translated)
                throw translated;
            throw;
        }
    }

    private async Task<IReadOnlyList<AppendResult>> AppendUnlessStoredAsync(
        NpgsqlConnection connection,
        AppendCommand command,
        IReadOnlyList<StreamAppend> appends,
        LostBackends lost,
        CancellationToken cancellationToken)
    {
        await lost.EndAsync(connection, cancellationToken);
        lost.Note(connection);
        var stored = new StoredAppend(session, appends);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            var results = await command.ExecuteAsync(connection, cancellationToken);
            if (await stored.FindAsync(connection, results, cancellationToken) is not { } before)
            {
                await transaction.CommitAsync(cancellationToken);
                return results;
            }

            await transaction.RollbackAsync(cancellationToken);
            return before;
        }
        catch (PostgresException error) when (error.SqlState is VersionConflict or StreamArchived)
        {
            await transaction.RollbackAsync(cancellationToken);
            if (await stored.FindAsync(connection, [], cancellationToken) is { } before)
                return before;
            throw;
        }
    }

    /// <summary>Guesses where the events went; a read finds out whether that was right.</summary>
    private void Remember(IReadOnlyList<StreamAppend> appends, IReadOnlyList<AppendResult> results)
    {
        if (layouts.Known is not { IsPlain: false } layout)
            return;
        var now = session.Clock.GetUtcNow();
        foreach (var (append, result) in appends.Zip(results))
        {
            var stretches = append.Events
                .Select((given, i) =>
                    (Leaf: layout.At(given.Timestamp ?? now)?.Oid ?? 0, Version: result.FirstVersion + i))
                .GroupBy(placed => placed.Leaf, placed => placed.Version)
                .Select(same => new StreamMap.Stretch(same.Key, same.Min(), same.Max()));
            memory.Remember(append.Stream, new StreamMap(result.FirstVersion, result.Version, [.. stretches]));
        }
    }

    private async Task<EventStoreException?> TranslateAsync(
        PostgresException error, IReadOnlyList<StreamAppend> appends, CancellationToken cancellationToken)
    {
        if (error.SqlState is VersionConflict or StreamArchived)
            return Refusal(error, appends);
        if (Faults.IsVersionTaken(error))
            return await ConflictAsync(error, appends, cancellationToken);
        return error.SqlState.StartsWith(DataException, StringComparison.Ordinal)
            ? EventCheck.FindUnreadable(appends, error)
            : null;
    }

    private static EventStoreException Refusal(PostgresException error, IReadOnlyList<StreamAppend> appends)
    {
        using var told = JsonDocument.Parse(error.Hint!);
        var name = told.RootElement.GetProperty("stream").GetString();
        var append = appends.First(append => append.Stream.ToString() == name);
        return error.SqlState == StreamArchived
            ? new StreamArchivedException(append.Stream, error)
            : new StreamVersionConflictException(
                append.Stream, append.Expected, told.RootElement.GetProperty("actual").GetInt64(), error);
    }

    /// <summary>Somebody has given a version of ours to an event, and the error does not tell whose.</summary>
    private async Task<StreamVersionConflictException> ConflictAsync(
        PostgresException error, IReadOnlyList<StreamAppend> appends, CancellationToken cancellationToken)
    {
        var versions = await session.RunPinnedAsync(
            (connection, token) => new StoredAppend(session, appends).ReadVersionsAsync(connection, token),
            cancellationToken);
        var append = appends.FirstOrDefault(append => append.Expected.Value is { } expected
                && expected != versions.GetValueOrDefault(append.Stream.ToString())) ?? appends[0];
        return new StreamVersionConflictException(
            append.Stream, append.Expected, versions.GetValueOrDefault(append.Stream.ToString()), error);
    }
}
