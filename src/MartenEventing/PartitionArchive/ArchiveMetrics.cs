using System.Diagnostics.Metrics;
using MartenEventing.Diagnostics;

namespace MartenEventing.PartitionArchive;

/// <summary>What partition archives tell of themselves; every measurement carries the tag <c>schema</c>.</summary>
internal static class ArchiveMetrics
{
    private static readonly Histogram<double> Duration = EventingDiagnostics.Meter.CreateHistogram<double>(
        "marten_eventing.archive.duration", "s", "How long the writing of a partition archive took");

    private static readonly Counter<long> Archived = EventingDiagnostics.Meter.CreateCounter<long>(
        "marten_eventing.archive.events", "{event}", "Events written into partition archives");

    private static readonly Counter<long> Stored = EventingDiagnostics.Meter.CreateCounter<long>(
        "marten_eventing.archive.bytes", "By", "Bytes of the partition archives written");

    private static readonly Counter<long> BroughtBack = EventingDiagnostics.Meter.CreateCounter<long>(
        "marten_eventing.archive.restored", "{event}", "Events restored from partition archives");

    private static readonly Counter<long> Problems = EventingDiagnostics.Meter.CreateCounter<long>(
        "marten_eventing.archive.problems", "{problem}", "What verifying partition archives has found");

    public static void Written(string schema, ArchiveManifest manifest, TimeSpan duration)
    {
        var tag = MaintenanceMetrics.Tag(schema);
        Duration.Record(duration.TotalSeconds, tag);
        Archived.Add(manifest.Events, tag);
        Stored.Add(manifest.Bytes, tag);
    }

    public static void Restored(string schema, long events) => BroughtBack.Add(events, MaintenanceMetrics.Tag(schema));

    public static void Found(string schema, int problems) => Problems.Add(problems, MaintenanceMetrics.Tag(schema));
}
