using System.Diagnostics.Metrics;

namespace MartenEventing.Diagnostics;

/// <summary>What retention tells of itself; every measurement carries the tag <c>schema</c>.</summary>
internal static class RetentionMetrics
{
    public static readonly Histogram<double> Duration = EventingDiagnostics.Meter.CreateHistogram<double>(
        "marten_eventing.retention.duration", "s", "How long a run of retention took");

    public static readonly Counter<long> Partitions = EventingDiagnostics.Meter.CreateCounter<long>(
        "marten_eventing.retention.partitions", "{partition}", "Partitions removed");

    public static readonly Counter<long> Events = EventingDiagnostics.Meter.CreateCounter<long>(
        "marten_eventing.retention.events", "{event}", "Events removed");

    public static readonly Counter<long> Streams = EventingDiagnostics.Meter.CreateCounter<long>(
        "marten_eventing.retention.streams", "{stream}", "Streams removed");

    public static readonly Counter<long> Gates = EventingDiagnostics.Meter.CreateCounter<long>(
        "marten_eventing.retention.gates", "{gate}", "Reasons for which partitions were kept; tag gate");
}
