using System.Diagnostics;
using MartenEventing.Diagnostics;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MartenEventing.Maintenance;

/// <summary>Carries out the steps of a pass in one session, and reports what became of each.</summary>
internal sealed class StepExecutor(
    PinnedConnection session, string schemaName, PartitionOptions options, TimeProvider time, ILogger logger,
    Func<string, StepMoment, Task>? observer)
{
    /// <summary>The share of time that batches take.</summary>
    private const double BatchShare = 0.2;

    private readonly PoliteSession _session = new(session, schemaName, options.LockPatience, time, logger)
    {
        Observer = observer,
        Progress = step =>
        {
            if (step.WaitingFor is { } holders)
                LogMessages.StepWaits(logger, schemaName, holders);
        },
    };

    private string? _tenant;

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
        try
        {
            await UseTenantAsync(step.Tenant, cancellationToken);
            for (var number = 0; number < step.Statements.Count; number++)
                await RepeatAsync(step, number, cancellationToken);
            return new StepReport(step, StepOutcome.Done, time.GetElapsedTime(started));
        }
        catch (GaveUpWaitingException error)
        {
            var refused = (PostgresException)error.InnerException!;
            activity?.SetStatus(ActivityStatusCode.Error, refused.SqlState);
            LogMessages.StepGaveWay(
                logger, schemaName, step.Description, refused.SqlState, error.HeldBy ?? "somebody");
            return new StepReport(
                step, StepOutcome.GaveWay, time.GetElapsedTime(started), refused.SqlState, refused.MessageText)
            {
                HeldBy = error.HeldBy,
                Unfinished = await _session.DropUnfinishedAsync(RollUpPolicy.UnfinishedIndex, cancellationToken),
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

    private static bool IsOfAllSteps(PostgresException error) =>
        error.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction
        || error.SqlState.StartsWith("57P", StringComparison.Ordinal)
        || error.SqlState.StartsWith("08", StringComparison.Ordinal);

    private async Task UseTenantAsync(string? tenant, CancellationToken cancellationToken)
    {
        if (tenant == _tenant)
            return;
        await TenantInHand.UseAsync(session.Connection, schemaName, tenant, cancellationToken);
        _tenant = tenant;
    }

    /// <summary>Runs a statement once, or in batches that leave the others most of the time.</summary>
    private async Task RepeatAsync(PartitionStep step, int number, CancellationToken cancellationToken)
    {
        var statement = step.Statements[number];
        var name = $"{step.Kind} {number + 1} of {step.Statements.Count} on {step.Target}";
        while (true)
        {
            var began = time.GetTimestamp();
            var result = await RunAsync(name, statement, cancellationToken);
            if (!statement.Repeats || result is not true)
                return;
            await _session.RestAsync(time.GetElapsedTime(began), BatchShare, cancellationToken);
        }
    }

    /// <summary>Returns the first value that the statement gives.</summary>
    private async Task<object?> RunAsync(
        string name, PartitionStatement statement, CancellationToken cancellationToken)
    {
        if (!statement.InTransaction)
            return await _session.RetryAsync(name, statement.Sql.Split('\n'), cancellationToken);
        var (row, _) = await _session.LockAsync(name, _ => statement.Sql, cancellationToken, harmless: true);
        return row.FirstOrDefault();
    }
}
