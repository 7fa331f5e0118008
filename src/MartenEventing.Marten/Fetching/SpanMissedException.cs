namespace MartenEventing.Marten.Fetching;

/// <summary>Within the plan alone: not all events of the stream were where they were looked for.</summary>
internal sealed class SpanMissedException : Exception;
