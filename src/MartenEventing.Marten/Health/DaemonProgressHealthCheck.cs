using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MartenEventing.Marten.Health;

/// <summary>
/// Unhealthy when a projection holds up a partition that retention wants to drop now, degraded when it will soon.
/// </summary>
internal sealed class DaemonProgressHealthCheck(
    DaemonProgress progress, DaemonProgressHealthOptions options, TimeProvider time) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var floor = time.GetUtcNow() - options.KeepFor;
        var held = (await progress.ReadAsync(floor + options.Warning, cancellationToken))
            .Where(database => !database.IsPassed).ToList();
        if (held.Count == 0)
            return HealthCheckResult.Healthy("Every projection has come past all partitions that may go.");

        var data = held.SelectMany(database => database.Lagging.Select(shard =>
                KeyValuePair.Create($"{database.Database} {shard.Shard}", (object)shard.Behind)))
            .ToDictionary(StringComparer.Ordinal);
        var text = string.Join(" ", held.Select(Describe));
        return held.Any(database => database.To <= floor)
            ? new HealthCheckResult(context.Registration.FailureStatus, text, data: data)
            : HealthCheckResult.Degraded(text, data: data);
    }

    private string Describe(PartitionProgress database)
    {
        var shards = database.Lagging.Select(shard =>
            $"{shard.Shard} ({shard.Behind.ToString("N0", CultureInfo.InvariantCulture)} sequences behind"
            + (shard.IsRegistered ? ")" : "; not registered any more: delete its row in mt_event_progression)"));
        var due = database.To + options.KeepFor;
        return $"{database.Database}: {database.Partition}, which may go on {due:yyyy-MM-dd}, "
            + $"waits for {string.Join(", ", shards)}.";
    }
}
