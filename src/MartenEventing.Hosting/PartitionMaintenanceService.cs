using MartenEventing.Maintenance;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MartenEventing.Hosting;

/// <summary>
/// Maintains partitions when the host starts, and again every so often. No failure ends it, or the host.
/// </summary>
/// <param name="maintain">One round: a report for each store.</param>
/// <param name="subject">What is maintained, for the log.</param>
/// <param name="interval">The time from one round to the next, give or take a tenth.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Takes what was done, and failures.</param>
internal sealed class PartitionMaintenanceService(
    Func<CancellationToken, Task<IReadOnlyList<MaintenanceReport>>> maintain,
    string subject,
    TimeSpan interval,
    TimeProvider time,
    ILogger logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(UntilNextRound(), time);
        try
        {
            do
            {
                await RunAsync(stoppingToken);
                timer.Period = UntilNextRound();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops: what was begun is undone by the server, or completed by the next pass.
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            foreach (var report in await maintain(stoppingToken))
                Tell(report);
        }
        catch (Exception error) when (error is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            LogMessages.PassFailed(logger, error, subject, interval);
        }
    }

    private void Tell(MaintenanceReport report)
    {
        foreach (var remark in report.Remarks)
            LogMessages.LayoutRemark(logger, report.SchemaName, remark);
        if (report.Steps.Count > 0)
        {
            LogMessages.PassDone(
                logger,
                report.SchemaName,
                report.Duration,
                report.Created.Count,
                report.Absorbed.Count,
                report.Sealed.Count,
                report.Steps.Count(s => s.Outcome != StepOutcome.Done));
        }
    }

    private TimeSpan UntilNextRound() => interval * (0.9 + (Random.Shared.NextDouble() / 5));
}
