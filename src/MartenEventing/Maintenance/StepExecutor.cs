using System.Diagnostics;
using MartenEventing.Diagnostics;
using MartenEventing.Partitioning;
using MartenEventing.Schema;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polly;
using Polly.Retry;

namespace MartenEventing.Maintenance;

/// <summary>
/// Carries out steps in one session, politely: no lock is waited for longer than the lock timeout.
/// </summary>
internal sealed class StepExecutor(
    PinnedConnection session, string schemaName, PartitionOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>How long to stay away after a batch, as a multiple of what it took.</summary>
    private const int BatchRest = 4;

    private readonly NpgsqlConnection _connection = session.Connection;
    private string? _tenant;
    private string? _heldBy;

    /// <summary>Called at the moments of each statement; for tests.</summary>
    public Func<PartitionStep, PartitionStatement, StepMoment, Task>? Observer { get; init; }

    /// <summary>
    /// Carries out one step. Errors of the server are reported; loss of the connection is thrown, and that nothing can
    /// be written on this server.
    /// </summary>
    public async Task<StepReport> ExecuteAsync(PartitionStep step, CancellationToken cancellationToken)
    {
        using var activity = EventingDiagnostics.Activities.StartActivity($"maintenance {step.Kind}");
        activity?.SetTag("target", step.Target);
        LogMessages.StepStarts(logger, schemaName, step.Description);
        var started = time.GetTimestamp();
        _heldBy = null;
        try
        {
            var pipeline = Pipeline(step);
            await UseTenantAsync(step.Tenant, cancellationToken);
            foreach (var statement in step.Statements)
                await RepeatAsync(pipeline, step, statement, cancellationToken);
            return new StepReport(step, StepOutcome.Done, time.GetElapsedTime(started));
        }
        catch (PostgresException error) when (IsLockTrouble(error))
        {
            activity?.SetStatus(ActivityStatusCode.Error, error.SqlState);
            LogMessages.StepGaveWay(logger, schemaName, step.Description, error.SqlState, _heldBy ?? "somebody");
            var left = await UnfinishedIndexes.DropAsync(
                _connection, schemaName, RollUpPolicy.UnfinishedIndex, options.LockTimeout, cancellationToken);
            return new StepReport(
                step, StepOutcome.GaveWay, time.GetElapsedTime(started), error.SqlState, error.MessageText)
            {
                HeldBy = _heldBy,
                Unfinished = left,
            };
        }
        catch (PostgresException error) when (!IsOfAllSteps(error))
        {
            activity?.SetStatus(ActivityStatusCode.Error, error.SqlState);
            LogMessages.StepFailed(logger, error, schemaName, step.Description);
            return new StepReport(
                step, StepOutcome.Failed, time.GetElapsedTime(started), error.SqlState, error.MessageText);
        }
    }

    private static bool IsLockTrouble(PostgresException error) =>
        error.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected;

    private static bool IsOfAllSteps(PostgresException error) =>
        error.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction
        || error.SqlState.StartsWith("57P", StringComparison.Ordinal)
        || error.SqlState.StartsWith("08", StringComparison.Ordinal);

    private ResiliencePipeline Pipeline(PartitionStep step)
    {
        if (options.LockAttempts == 1)
            return ResiliencePipeline.Empty;
        return new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<PostgresException>(IsLockTrouble),
                MaxRetryAttempts = options.LockAttempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = options.LockBackOff,
                MaxDelay = 10 * options.LockBackOff,
                UseJitter = true,
                OnRetry = attempt =>
                {
                    LogMessages.LockNotHad(
                        logger, schemaName, step.Target, options.LockTimeout, attempt.AttemptNumber + 1,
                        _heldBy ?? "somebody");
                    return default;
                },
            })
            .Build();
    }

    private async Task UseTenantAsync(string? tenant, CancellationToken cancellationToken)
    {
        if (tenant == _tenant)
            return;
        await TenantInHand.UseAsync(_connection, schemaName, tenant, cancellationToken);
        _tenant = tenant;
    }

    /// <summary>Runs a statement once, or in batches that leave the others most of the time.</summary>
    private async Task RepeatAsync(
        ResiliencePipeline pipeline, PartitionStep step, PartitionStatement statement,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            var began = time.GetTimestamp();
            var result = await pipeline.ExecuteAsync(
                async token => await RunAsync(step, statement, token), cancellationToken);
            if (!statement.Repeats || result is not true)
                return;
            await Task.Delay(time.GetElapsedTime(began) * BatchRest, time, cancellationToken);
        }
    }

    /// <summary>Returns the first value that the statement gives.</summary>
    private async Task<object?> RunAsync(
        PartitionStep step, PartitionStatement statement, CancellationToken cancellationToken)
    {
        object? result;
        await ObserveAsync(step, statement, StepMoment.Before);
        if (statement.InTransaction)
        {
            await using var transaction = await _connection.BeginTransactionAsync(cancellationToken);
            await session.BoundWaitsOfTransactionAsync(options.LockTimeout, cancellationToken);
            result = await SendAsync(statement.Sql, cancellationToken);
            await ObserveAsync(step, statement, StepMoment.Uncommitted);
            await transaction.CommitAsync(cancellationToken);
        }
        else
        {
            await session.BoundWaitsAsync(options.LockTimeout, cancellationToken);
            result = null;
            foreach (var line in statement.Sql.Split('\n'))
                result = await SendAsync(line, cancellationToken);
        }

        await ObserveAsync(step, statement, StepMoment.Committed);
        return result;
    }

    private async Task<object?> SendAsync(string sql, CancellationToken cancellationToken)
    {
        // Sealing and statistics take as long as the partition is large; only waiting for locks is bounded.
        await using var command = new NpgsqlCommand(sql, _connection) { CommandTimeout = 0 };
        var watch = session.Watch(holders => LogMessages.StepWaits(logger, schemaName, holders));
        try
        {
            return await watch.RunAsync(() => command.ExecuteScalarAsync(cancellationToken), options.LockTimeout);
        }
        finally
        {
            _heldBy = watch.HeldBy ?? _heldBy;
        }
    }

    private Task ObserveAsync(PartitionStep step, PartitionStatement statement, StepMoment moment) =>
        Observer?.Invoke(step, statement, moment) ?? Task.CompletedTask;
}
