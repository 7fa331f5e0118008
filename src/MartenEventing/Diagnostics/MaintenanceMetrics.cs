using System.Diagnostics.Metrics;

namespace MartenEventing.Diagnostics;

/// <summary>What maintenance tells of itself; every measurement carries the tag <c>schema</c>.</summary>
internal static class MaintenanceMetrics
{
    public static readonly Histogram<double> Duration = EventingDiagnostics.Meter.CreateHistogram<double>(
        "marten_eventing.maintenance.duration", "s", "How long a maintenance pass took");

    public static readonly Counter<long> Failures = EventingDiagnostics.Meter.CreateCounter<long>(
        "marten_eventing.maintenance.failures", "{pass}", "Maintenance passes that left something undone");

    public static readonly Counter<long> Created = EventingDiagnostics.Meter.CreateCounter<long>(
        "marten_eventing.partitions.created", "{partition}", "Partitions made ahead");

    public static readonly Counter<long> Sealed = EventingDiagnostics.Meter.CreateCounter<long>(
        "marten_eventing.partitions.sealed", "{partition}", "Partitions sealed");

    public static KeyValuePair<string, object?> Tag(string schema) => new("schema", schema);
}
