using MartenEventing.Retention;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MartenEventing.Hosting;

/// <summary>
/// Runs retention when the host starts, and again every so often; soon again when maintenance was at work. No failure
/// ends it, or the host.
/// </summary>
/// <param name="retention">A round; null where everything is kept for ever.</param>
/// <param name="schema">The schema, for the log.</param>
/// <param name="interval">The time from one run to the next, give or take a tenth.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Takes what was done, and failures.</param>
internal sealed class RetentionService(
    Func<CancellationToken, Task<IReadOnlyList<RetentionReport>>>? retention, string schema, TimeSpan interval,
    TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (retention is null)
            return;
        try
        {
            while (true)
            {
                var again = await RunAsync(retention, stoppingToken)
                    ? interval * (0.9 + (Random.Shared.NextDouble() / 5))
                    : Soon;
                await Task.Delay(again, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops: the next run goes on.
        }
    }

    /// <summary>False when another process was at it.</summary>
    private async Task<bool> RunAsync(
        Func<CancellationToken, Task<IReadOnlyList<RetentionReport>>> round, CancellationToken stoppingToken)
    {
        try
        {
            var reports = await round(stoppingToken);
            foreach (var report in reports.Where(report => report.Expired.Count > 0 || report.StreamsElsewhere > 0))
                LogMessages.RetentionDone(
                    logger, report.SchemaName, report.Duration, report.Expired.Count,
                    report.Expired.Sum(p => p.Streams) + report.StreamsElsewhere);
            return !reports.Any(report => report.Skipped);
        }
        catch (Exception error) when (error is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            LogMessages.RetentionFailed(logger, error, schema, interval);
            return true;
        }
    }
}
