using System.Data;
using System.Diagnostics;
using MartenEventing.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MartenEventing.Politeness;

/// <summary>
/// Runs the steps of something long in one session, politely: no lock that others need is waited for longer than the
/// lock timeout, none is asked for while somebody is known to keep it, and whoever is in the way is named. What runs
/// here is told to <see cref="Progress"/>, and can be looked at, moment by moment, by <see cref="Observer"/>.
/// </summary>
internal sealed class PoliteSession(
    PinnedConnection session, string schemaName, LockPatience patience, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    /// <summary>What keeps nobody waiting may wait so long itself, however soon steps that do give up.</summary>
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(1);

    /// <summary>The right to maintain the store, given back at the end; null where somebody else holds it.</summary>
    public MaintenanceLock? Turn { get; init; }

    /// <summary>Called when a step begins, when it waits, and with how far it has come.</summary>
    public Action<StepProgress>? Progress { get; init; }

    /// <summary>Called at the moments of each step; for tests.</summary>
    public Func<string, StepMoment, Task>? Observer { get; init; }

    /// <summary>
    /// A regular expression for the names of the indexes that steps build concurrently: given up, they are taken away.
    /// Default null: of none.
    /// </summary>
    public string? Builds { get; init; }

    /// <summary>What an error says of the next call. Default: that it goes on from here.</summary>
    public string Next { get; init; } = "The next call goes on from here.";

    public NpgsqlConnection Connection => session.Connection;

    public string SchemaName { get; } = schemaName;

    /// <summary>The schema as it precedes a name.</summary>
    public string Schema { get; } = SqlText.Quote(schemaName) + ".";

    private TimeSpan? Patience => patience.GiveUpAfter < LeastPatience ? LeastPatience : patience.GiveUpAfter;

    /// <summary>
    /// Runs a statement whose locks keep neither readers nor writers waiting; no transaction around it. What it waits
    /// for itself, it waits for as long as is allowed, and says so meanwhile.
    /// </summary>
    /// <exception cref="GaveUpWaitingException">Somebody let it wait for longer.</exception>
    public async Task RunAsync(string step, string sql, CancellationToken cancellationToken)
    {
        Report(new(step));
        await ObserveAsync(step, StepMoment.Before);
        await WaitAsync(step, sql, cancellationToken);
        await ObserveAsync(step, StepMoment.Committed);
    }

    /// <summary>Runs a statement in a transaction of its own and returns its first value.</summary>
    /// <exception cref="GaveUpWaitingException">Somebody let it wait for longer than is allowed.</exception>
    public async Task<T> ReadAsync<T>(string sql, CancellationToken cancellationToken, string step = "read") =>
        (T)(await WaitAsync(step, sql, cancellationToken))!;

    /// <summary>
    /// Runs a statement that takes strong locks in a short transaction of its own, again and again until it gets them.
    /// The statement is told the number of the attempt. Returns its first row, and how long the one that succeeded
    /// took. Nobody queues behind a harmless statement, so it is tried whoever keeps a lock.
    /// </summary>
    /// <exception cref="GaveUpWaitingException">It did not get them in the time allowed.</exception>
    public Task<(object?[] Row, TimeSpan Duration)> LockAsync(
        string step, Func<int, string> sql, object[] parameters, CancellationToken cancellationToken,
        bool harmless = false) =>
        TransactAsync(
            step, (attempt, token) => FirstRowAsync(sql(attempt), parameters, token), cancellationToken, harmless);

    /// <inheritdoc cref="LockAsync(string, Func{int, string}, object[], CancellationToken, bool)"/>
    public Task<(object?[] Row, TimeSpan Duration)> LockAsync(
        string step, Func<int, string> sql, CancellationToken cancellationToken, bool harmless = false) =>
        LockAsync(step, sql, [], cancellationToken, harmless);

    /// <summary>The same for several statements in one transaction.</summary>
    /// <exception cref="GaveUpWaitingException">It did not get them in the time allowed.</exception>
    public async Task<(T Result, TimeSpan Duration)> TransactAsync<T>(
        string step, Func<int, CancellationToken, Task<T>> statements, CancellationToken cancellationToken,
        bool harmless = false)
    {
        var retry = Retry(step);
        return await retry.RunAsync(
            Named(step),
            async (attempt, token) =>
            {
                await ObserveAsync(step, StepMoment.Before);
                var clock = Stopwatch.StartNew();
                await using var transaction = await Connection.BeginTransactionAsync(
                    IsolationLevel.ReadCommitted, token);
                await session.BoundWaitsOfTransactionAsync(patience.LockTimeout, token);
                var result = await WatchedAsync(retry, () => statements(attempt, token));
                await ObserveAsync(step, StepMoment.Uncommitted);
                await transaction.CommitAsync(token);
                var duration = clock.Elapsed;
                await ObserveAsync(step, StepMoment.Committed);
                return (result, duration);
            },
            cancellationToken, harmless ? null : KeptByAsync, Next);
    }

    /// <summary>
    /// Runs statements that no transaction may be around, all of them again and again until they get their locks.
    /// Returns the first value of the last.
    /// </summary>
    /// <exception cref="GaveUpWaitingException">They did not get them in the time allowed.</exception>
    public async Task<object?> RetryAsync(
        string step, IReadOnlyList<string> statements, CancellationToken cancellationToken)
    {
        var retry = Retry(step);
        return await retry.RunAsync(
            Named(step),
            async (_, token) =>
            {
                await ObserveAsync(step, StepMoment.Before);
                await session.BoundWaitsAsync(patience.LockTimeout, token);
                object? result = null;
                foreach (var sql in statements)
                    result = await WatchedAsync(retry, () => FirstValueAsync(sql, token));
                await ObserveAsync(step, StepMoment.Committed);
                return result;
            },
            cancellationToken, next: Next);
    }

    /// <summary>Waits until nobody looks at the database as it was before this moment.</summary>
    /// <exception cref="GaveUpWaitingException">Somebody still does after the time allowed.</exception>
    public async Task WaitForSnapshotsAsync(string step, CancellationToken cancellationToken)
    {
        await ObserveAsync(step, StepMoment.Before);
        var moment = await ReadAsync<string>("SELECT pg_current_xact_id()::text", cancellationToken);
        await Retry(step).RunAsync(
            Named(step), (_, _) => Task.FromResult(true), cancellationToken,
            async token => Holders.Describe(await Holders.OfSnapshotsAsync(Connection, moment, token)), Next);
        await ObserveAsync(step, StepMoment.Committed);
    }

    /// <summary>
    /// Drops what a concurrent build of such indexes has left that was broken off, where nobody is in the way.
    /// </summary>
    public Task<IReadOnlyList<string>> DropUnfinishedAsync(string pattern, CancellationToken cancellationToken) =>
        UnfinishedIndexes.DropAsync(Connection, SchemaName, pattern, patience.LockTimeout, cancellationToken);

    /// <summary>The first column of all rows.</summary>
    public async Task<List<string>> ListAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, Connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(reader.GetString(0));
        return rows;
    }

    /// <summary>Runs a statement that waits for nobody.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken) =>
        await FirstValueAsync(sql, cancellationToken);

    public void Report(StepProgress progress) => Progress?.Invoke(progress);

    public Task ObserveAsync(string step, StepMoment moment) => Observer?.Invoke(step, moment) ?? Task.CompletedTask;

    /// <summary>Leaves others their share of the time after a batch that took so long.</summary>
    public Task RestAsync(TimeSpan batch, double share, CancellationToken cancellationToken) =>
        Task.Delay(batch * ((1 / share) - 1), time, cancellationToken);

    public ValueTask DisposeAsync() => Turn?.DisposeAsync() ?? default;

    private string Named(string step) => $"Schema \"{SchemaName}\": the step \"{step}\" did not get its locks";

    private LockRetry Retry(string step) => new(patience, time)
    {
        Step = step,
        NotHad = (attempt, holders, wasAsked) =>
        {
            if (wasAsked)
                LogMessages.LockNotHad(
                    logger, SchemaName, step, patience.LockTimeout, attempt, holders ?? "somebody");
            if (!wasAsked || holders is null)  // else it was told while it waited
                Report(new(step, holders ?? "a lock"));
        },
    };

    private async Task<string?> KeptByAsync(CancellationToken cancellationToken) =>
        Holders.Describe(await Holders.OfStoreAsync(Connection, SchemaName, cancellationToken));

    private async Task<T> WatchedAsync<T>(LockRetry retry, Func<Task<T>> run)
    {
        var watch = session.Watch(holders => Report(new(retry.Step!, holders)));
        try
        {
            return await watch.RunAsync(run, patience.LockTimeout);
        }
        finally
        {
            retry.HeldBy = watch.HeldBy ?? retry.HeldBy;
        }
    }

    private async Task<object?> WaitAsync(string step, string sql, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var watch = session.Watch(holders => Report(new(step, holders)));
        try
        {
            await session.BoundWaitsAsync(Patience, cancellationToken);
            return await watch.RunAsync(() => FirstValueAsync(sql, cancellationToken), Patience);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            var left = Builds is null ? [] : await DropUnfinishedAsync(Builds, cancellationToken);
            throw new GaveUpWaitingException(
                Named(step), time.GetElapsedTime(began), watch.HeldBy, Next + UnfinishedIndexes.Describe(left), error)
            {
                Step = step,
            };
        }
    }

    private async Task<object?> FirstValueAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, Connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private async Task<object?[]> FirstRowAsync(string sql, object[] parameters, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, Connection) { CommandTimeout = 0 };
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? [.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]
            : [];
    }
}
