namespace MartenEventing.Events;

/// <summary>An event that cannot be stored. Nothing was stored.</summary>
public sealed class InvalidEventException : EventStoreException
{
    internal InvalidEventException(StreamId stream, int index, string reason, Exception? inner = null)
        : base($"Event {index} for stream {stream} cannot be stored: {reason}", inner)
    {
        Stream = stream;
        Index = index;
        Reason = reason;
    }

    /// <summary>The stream it was meant for.</summary>
    public StreamId Stream { get; }

    /// <summary>Its place in the append to that stream, from 0 on.</summary>
    public int Index { get; }

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; }
}
