namespace MartenEventing.Benchmarks.Data;

/// <summary>An event of a made-up history.</summary>
/// <param name="Stream">The index of its stream.</param>
/// <param name="Version">Its place in the stream, from 1.</param>
/// <param name="Timestamp">When it happened, in UTC ticks of whole microseconds.</param>
/// <param name="Arrival">When it was stored: in this order it got its sequence number.</param>
internal readonly record struct GeneratedEvent(int Stream, int Version, long Timestamp, long Arrival)
{
    public DateTime Time => new(Timestamp, DateTimeKind.Utc);
}
