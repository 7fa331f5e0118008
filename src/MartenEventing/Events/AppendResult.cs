namespace MartenEventing.Events;

/// <summary>What an append stored.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Version">The stream's version now, that of the last event appended.</param>
/// <param name="Sequences">
/// The events' places in the order of all events, in the order in which they were given.
/// </param>
public sealed record AppendResult(StreamId Stream, long Version, IReadOnlyList<long> Sequences)
{
    /// <summary>The version of the first event appended.</summary>
    public long FirstVersion => Version - Sequences.Count + 1;
}
