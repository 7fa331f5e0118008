using System.Diagnostics;
using System.Globalization;
using MartenEventing.Diagnostics;
using MartenEventing.Partitioning;
using MartenEventing.Schema;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MartenEventing.Conversion;

/// <summary>
/// A connection that holds the right to maintain the store and runs the steps of a conversion, politely: no lock that
/// others need is waited for longer than the lock timeout, and none is asked for while somebody is known to keep it.
/// </summary>
internal sealed class ConversionSession(
    MaintenanceLock turn, string schemaName, ConversionOptions options, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    private readonly Stopwatch _clock = new();

    public IProgress<ConversionProgress>? Progress { get; init; }

    public Func<string, ConversionMoment, Task>? Observer { get; init; }

    public NpgsqlConnection Connection => turn.Connection;

    public string SchemaName { get; } = schemaName;

    /// <summary>The schema as it precedes a name.</summary>
    public string Schema { get; } = SqlText.Quote(schemaName) + ".";

    public static async Task<MaintenanceLock> TakeTurnAsync(
        NpgsqlDataSource dataSource, string schemaName, CancellationToken cancellationToken) =>
        await MaintenanceLock.TryTakeAsync(dataSource, schemaName, cancellationToken)
        ?? throw new ConversionBusyException(schemaName);

    /// <summary>Runs a statement whose locks keep neither readers nor writers waiting; no transaction around it.</summary>
    public async Task RunAsync(string step, string sql, CancellationToken cancellationToken)
    {
        Report(new ConversionProgress(step));
        await ObserveAsync(step, ConversionMoment.Before);
        await SendAsync("SET lock_timeout = 0; SET statement_timeout = 0", cancellationToken);
        await SendAsync(sql, cancellationToken);
        await ObserveAsync(step, ConversionMoment.Committed);
    }

    /// <summary>
    /// Runs a statement that takes strong locks in a short transaction of its own, again and again until it gets them.
    /// The statement is told the number of the attempt. Returns its first row, and how long the one that succeeded took.
    /// Nobody queues behind a harmless statement, so it is tried whoever keeps a lock.
    /// </summary>
    /// <exception cref="ConversionGaveUpException">It did not get them in the time allowed.</exception>
    public async Task<(object?[] Row, TimeSpan Duration)> LockAsync(
        string step, Func<int, string> sql, CancellationToken cancellationToken, bool harmless = false)
    {
        var began = time.GetTimestamp();
        string? holders = null;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                holders = await LockHolders.FindAsync(Connection, SchemaName, cancellationToken);
                if (holders is null || harmless)
                    return await AttemptAsync(step, sql(attempt), cancellationToken);
            }
            catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.LockNotAvailable
                or PostgresErrorCodes.DeadlockDetected)
            {
                LogMessages.LockNotHad(logger, SchemaName, step, options.LockTimeout, attempt + 1);
            }

            await StayAwayAsync(step, began, attempt, holders, cancellationToken);
        }
    }

    /// <summary>Waits until nobody looks at the database as it was before this moment.</summary>
    /// <exception cref="ConversionGaveUpException">Somebody still does after the time allowed.</exception>
    public async Task WaitForSnapshotsAsync(string step, CancellationToken cancellationToken)
    {
        await ObserveAsync(step, ConversionMoment.Before);
        var began = time.GetTimestamp();
        var moment = await ReadAsync<string>("SELECT pg_current_xact_id()::text", cancellationToken);
        for (var attempt = 0;
             await SnapshotHolders.FindAsync(Connection, moment, cancellationToken) is { } holders;
             attempt++)
            await StayAwayAsync(step, began, attempt, holders, cancellationToken);
        await ObserveAsync(step, ConversionMoment.Committed);
    }

    /// <summary>Runs a statement in a transaction of its own and returns its first value.</summary>
    public async Task<T> ReadAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, Connection) { CommandTimeout = 0 };
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

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

    public void Report(ConversionProgress progress) => Progress?.Report(progress);

    public Task ObserveAsync(string step, ConversionMoment moment) =>
        Observer?.Invoke(step, moment) ?? Task.CompletedTask;

    /// <summary>Leaves others their share of the time after a batch that took so long.</summary>
    public Task RestAsync(TimeSpan batch, CancellationToken cancellationToken) =>
        Task.Delay(batch * ((1 / options.BatchShare) - 1), time, cancellationToken);

    public ValueTask DisposeAsync() => turn.DisposeAsync();

    private async Task<(object?[] Row, TimeSpan Duration)> AttemptAsync(
        string step, string sql, CancellationToken cancellationToken)
    {
        await ObserveAsync(step, ConversionMoment.Before);
        _clock.Restart();
        await using var transaction = await Connection.BeginTransactionAsync(cancellationToken);
        await SendAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"SET LOCAL lock_timeout = {(long)options.LockTimeout.TotalMilliseconds}; SET LOCAL statement_timeout = 0"),
            cancellationToken);
        object?[] row = [];
        await using (var command = new NpgsqlCommand(sql, Connection) { CommandTimeout = 0 })
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            if (await reader.ReadAsync(cancellationToken))
                row = [.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))];
        }

        await ObserveAsync(step, ConversionMoment.Uncommitted);
        await transaction.CommitAsync(cancellationToken);
        var duration = _clock.Elapsed;
        await ObserveAsync(step, ConversionMoment.Committed);
        return (row, duration);
    }

    private async Task StayAwayAsync(
        string step, long began, int attempt, string? holders, CancellationToken cancellationToken)
    {
        if (options.GiveUpAfter is { } limit && time.GetElapsedTime(began) >= limit)
            throw new ConversionGaveUpException(SchemaName, step, time.GetElapsedTime(began), holders);
        Report(new ConversionProgress(step, WaitingFor: holders ?? "a lock"));
        await Task.Delay(BackOff(attempt), time, cancellationToken);
    }

    private TimeSpan BackOff(int attempt) =>
        options.LockBackOff * Math.Min(Math.Pow(2, attempt), 10) * (0.5 + Random.Shared.NextDouble());

    private async Task SendAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, Connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
