namespace MartenEventing.Events;

/// <summary>One append to several streams named a stream twice. Nothing was stored.</summary>
public sealed class DuplicateStreamException : EventStoreException
{
    internal DuplicateStreamException(StreamId stream)
        : base($"Stream {stream} is in the append twice. Give all its events in one {nameof(StreamAppend)}.") =>
        Stream = stream;

    /// <summary>The stream.</summary>
    public StreamId Stream { get; }
}
