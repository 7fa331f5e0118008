using MartenEventing.Maintenance;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MartenEventing.Hosting;

/// <summary>
/// Runs a maintenance pass when the host starts, and again every so often. No failure ends it, or the host.
/// </summary>
internal sealed class PartitionMaintenanceService(
    NpgsqlDataSource dataSource,
    IOptions<PartitionMaintenanceOptions> options,
    TimeProvider time,
    ILogger<PartitionMaintenanceService> logger) : BackgroundService
{
    private readonly PartitionMaintenanceOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pass = new MaintenancePass(dataSource, _options.SchemaName, _options.Partitions, time, logger);
        using var timer = new PeriodicTimer(UntilNextPass(), time);
        try
        {
            do
            {
                await RunAsync(pass, stoppingToken);
                timer.Period = UntilNextPass();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops: what was begun is undone by the server, or completed by the next pass.
        }
    }

    private async Task RunAsync(MaintenancePass pass, CancellationToken stoppingToken)
    {
        try
        {
            Tell(await pass.RunAsync(stoppingToken));
        }
        catch (Exception error) when (error is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            LogMessages.PassFailed(logger, error, _options.SchemaName, _options.Interval);
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

    private TimeSpan UntilNextPass() => _options.Interval * (0.9 + (Random.Shared.NextDouble() / 5));
}
