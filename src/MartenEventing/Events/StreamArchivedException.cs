namespace MartenEventing.Events;

/// <summary>An append to a stream that is archived, in Marten's sense. Nothing was stored.</summary>
public sealed class StreamArchivedException : EventStoreException
{
    internal StreamArchivedException(StreamId stream, Exception inner)
        : base($"Stream {stream} is archived and takes no more events. Nothing was stored: start another stream, or "
            + "unarchive it.", inner) =>
        Stream = stream;

    /// <summary>The stream.</summary>
    public StreamId Stream { get; }
}
