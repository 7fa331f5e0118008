using Marten;
using MartenEventing.Marten.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds health checks for applications on Marten.</summary>
public static class DaemonProgressHealthExtensions
{
    /// <summary>
    /// Checks that the async daemon of the main store does not hold up the partitions that retention wants to drop.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static IHealthChecksBuilder AddDaemonProgress(
        this IHealthChecksBuilder checks,
        Action<DaemonProgressHealthOptions> configure,
        string name = "marten-eventing-daemon",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null) =>
        checks.AddDaemonProgress<IDocumentStore>(configure, name, failureStatus, tags);

    /// <summary>The same for a store beside the main one.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static IHealthChecksBuilder AddDaemonProgress<T>(
        this IHealthChecksBuilder checks,
        Action<DaemonProgressHealthOptions> configure,
        string name = "marten-eventing-daemon",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
        where T : IDocumentStore
    {
        ArgumentNullException.ThrowIfNull(checks);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new DaemonProgressHealthOptions();
        configure(options);
        options.Validated();
        return checks.Add(new HealthCheckRegistration(
            name,
            services => new DaemonProgressHealthCheck(
                new DaemonProgress(services.GetRequiredService<T>()), options,
                services.GetService<TimeProvider>() ?? TimeProvider.System),
            failureStatus,
            tags));
    }
}
