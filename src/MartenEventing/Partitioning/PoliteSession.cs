using System.Diagnostics;
using MartenEventing.Diagnostics;
using MartenEventing.Schema;
using MartenEventing.Waiting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MartenEventing.Partitioning;

/// <summary>
/// A connection that holds the right to maintain the store and runs the steps of something long, politely: no lock that
/// others need is waited for longer than the lock timeout, and none is asked for while somebody is known to keep it.
/// </summary>
internal sealed class PoliteSession(
    MaintenanceLock turn, string schemaName, Politeness politeness, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    /// <summary>What keeps nobody waiting may wait so long itself, however soon steps that do give up.</summary>
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(1);

    private readonly Stopwatch _clock = new();

    /// <summary>Called when a step begins, and with whom it waits for.</summary>
    public Action<string, string?>? Progress { get; set; }

    /// <summary>Called at the moments of each step; for tests.</summary>
    public Func<string, SessionMoment, Task>? Observer { get; set; }

    public NpgsqlConnection Connection => turn.Connection;

    private TimeSpan? Patience => politeness.GiveUpAfter < LeastPatience ? LeastPatience : politeness.GiveUpAfter;

    /// <summary>The schema as it precedes a name.</summary>
    public string Schema { get; } = SqlText.Quote(schemaName) + ".";

    /// <summary>
    /// Runs a statement whose locks keep neither readers nor writers waiting; no transaction around it. What it waits
    /// for itself, it waits for as long as is allowed, and says so meanwhile.
    /// </summary>
    /// <param name="step">Its name.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="builds">
    /// A regular expression for the names of the indexes that it builds concurrently: given up, they are taken away.
    /// </param>
    /// <exception cref="LocksNotHadException">Somebody let it wait for longer.</exception>
    public async Task RunAsync(string step, string sql, CancellationToken cancellationToken, string? builds = null)
    {
        Progress?.Invoke(step, null);
        await ObserveAsync(step, SessionMoment.Before);
        var began = time.GetTimestamp();
        var watch = turn.Session.Watch(holders => Progress?.Invoke(step, holders));
        try
        {
            await turn.Session.BoundWaitsAsync(Patience, cancellationToken);
            await watch.RunAsync(
                async () =>
                {
                    await SendAsync(sql, cancellationToken);
                    return true;
                },
                Patience);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            var left = builds is null
                ? []
                : await UnfinishedIndexes.DropAsync(
                    Connection, schemaName, builds, politeness.LockTimeout, cancellationToken);
            throw new LocksNotHadException(step, time.GetElapsedTime(began), watch.HeldBy, left);
        }

        await ObserveAsync(step, SessionMoment.Committed);
    }

    /// <summary>
    /// Runs a statement that takes strong locks in a short transaction of its own, again and again until it gets them.
    /// The statement is told the number of the attempt. Returns its first row, and how long the one that succeeded
    /// took. Nobody queues behind a harmless statement, so it is tried whoever keeps a lock.
    /// </summary>
    /// <exception cref="LocksNotHadException">It did not get them in the time allowed.</exception>
    public async Task<(object?[] Row, TimeSpan Duration)> LockAsync(
        string step, Func<int, string> sql, object[] parameters, CancellationToken cancellationToken,
        bool harmless = false)
    {
        var began = time.GetTimestamp();
        string? holders = null;
        for (var attempt = 0; ; attempt++)
        {
            var watch = turn.Session.Watch();
            try
            {
                holders = Holders.Describe(await Holders.OfStoreAsync(Connection, schemaName, cancellationToken));
                if (holders is null || harmless)
                    return await AttemptAsync(step, sql(attempt), parameters, watch, cancellationToken);
            }
            catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.LockNotAvailable
                or PostgresErrorCodes.DeadlockDetected)
            {
                holders = watch.HeldBy ?? holders;
                LogMessages.LockNotHad(
                    logger, schemaName, step, politeness.LockTimeout, attempt + 1, holders ?? "somebody");
            }

            await StayAwayAsync(step, began, attempt, holders, cancellationToken);
        }
    }

    /// <summary>Waits a while, longer with each attempt, after what could not be done because of the holders.</summary>
    /// <exception cref="LocksNotHadException">The time allowed since the beginning is over.</exception>
    public Task StayAwayAsync(
        string step, long began, int attempt, string? holders, CancellationToken cancellationToken)
    {
        if (politeness.GiveUpAfter is { } limit && time.GetElapsedTime(began) >= limit)
            throw new LocksNotHadException(step, time.GetElapsedTime(began), holders);
        Progress?.Invoke(step, holders ?? "a lock");
        return Task.Delay(BackOff(attempt), time, cancellationToken);
    }

    /// <summary>Runs a statement in a transaction of its own and returns its first value.</summary>
    /// <exception cref="LocksNotHadException">Somebody kept from it what it needs for longer than is
    /// allowed.</exception>
    public async Task<T> ReadAsync<T>(string sql, CancellationToken cancellationToken, string step = "read")
    {
        var began = time.GetTimestamp();
        var watch = turn.Session.Watch(holders => Progress?.Invoke(step, holders));
        try
        {
            await turn.Session.BoundWaitsAsync(Patience, cancellationToken);
            await using var command = new NpgsqlCommand(sql, Connection) { CommandTimeout = 0 };
            return (T)(await watch.RunAsync(() => command.ExecuteScalarAsync(cancellationToken), Patience))!;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new LocksNotHadException(step, time.GetElapsedTime(began), watch.HeldBy);
        }
    }

    /// <summary>
    /// Drops what a concurrent build of such indexes has left that was broken off, where nobody is in the way.
    /// </summary>
    public Task DropUnfinishedAsync(string pattern, CancellationToken cancellationToken) =>
        UnfinishedIndexes.DropAsync(Connection, schemaName, pattern, politeness.LockTimeout, cancellationToken);

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

    public Task ObserveAsync(string step, SessionMoment moment) => Observer?.Invoke(step, moment) ?? Task.CompletedTask;

    /// <summary>Leaves others their share of the time after a batch that took so long.</summary>
    public Task RestAsync(TimeSpan batch, double share, CancellationToken cancellationToken) =>
        Task.Delay(batch * ((1 / share) - 1), time, cancellationToken);

    public ValueTask DisposeAsync() => turn.DisposeAsync();

    private async Task<(object?[] Row, TimeSpan Duration)> AttemptAsync(
        string step, string sql, object[] parameters, WaitWatch watch, CancellationToken cancellationToken)
    {
        await ObserveAsync(step, SessionMoment.Before);
        _clock.Restart();
        await using var transaction = await Connection.BeginTransactionAsync(cancellationToken);
        await turn.Session.BoundWaitsOfTransactionAsync(politeness.LockTimeout, cancellationToken);
        object?[] row;
        await using (var command = new NpgsqlCommand(sql, Connection) { CommandTimeout = 0 })
        {
            foreach (var parameter in parameters)
                command.Parameters.Add(new NpgsqlParameter { Value = parameter });
            row = await watch.RunAsync(() => FirstRowAsync(command, cancellationToken), politeness.LockTimeout);
        }

        await ObserveAsync(step, SessionMoment.Uncommitted);
        await transaction.CommitAsync(cancellationToken);
        var duration = _clock.Elapsed;
        await ObserveAsync(step, SessionMoment.Committed);
        return (row, duration);
    }

    private static async Task<object?[]> FirstRowAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? [.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]
            : [];
    }

    private TimeSpan BackOff(int attempt) =>
        politeness.BackOff * Math.Min(Math.Pow(2, attempt), 10) * (0.5 + Random.Shared.NextDouble());

    private async Task SendAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, Connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
