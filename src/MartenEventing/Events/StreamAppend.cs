namespace MartenEventing.Events;

/// <summary>Events for one stream.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Expected">The version it has to be at.</param>
/// <param name="Events">At least one event, in order.</param>
public sealed record StreamAppend(StreamId Stream, ExpectedVersion Expected, IReadOnlyList<NewEvent> Events)
{
    /// <summary>The type of the stream, Marten's alias of the aggregate; kept when the stream is new.</summary>
    public string? StreamType { get; init; }
}
