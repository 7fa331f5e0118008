using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MartenEventing.Diagnostics;

/// <summary>Names under which this library publishes metrics and traces.</summary>
public static class EventingDiagnostics
{
    /// <summary>The name of the <see cref="Meter"/> and of the <see cref="ActivitySource"/>.</summary>
    public const string Name = "MartenEventing";

    internal static readonly ActivitySource Activities = new(Name);

    internal static readonly Meter Meter = new(Name);
}
