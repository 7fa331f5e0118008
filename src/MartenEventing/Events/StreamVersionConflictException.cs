namespace MartenEventing.Events;

/// <summary>A stream is not at the version that an append expected. Nothing was stored.</summary>
public sealed class StreamVersionConflictException : EventStoreException
{
    internal StreamVersionConflictException(
        StreamId stream, ExpectedVersion expected, long? actual, Exception? inner = null)
        : base($"Stream {stream} is at version {actual?.ToString() ?? "unknown"}, expected {Told(expected)}. Nothing "
            + "was stored: read the stream again, decide again, append again.", inner)
    {
        Stream = stream;
        Expected = expected;
        Actual = actual;
    }

    /// <summary>The stream.</summary>
    public StreamId Stream { get; }

    /// <summary>What was expected.</summary>
    public ExpectedVersion Expected { get; }

    /// <summary>The version it is at, 0 when there is no such stream; null when it could not be told.</summary>
    public long? Actual { get; }

    private static string Told(ExpectedVersion expected) =>
        expected == ExpectedVersion.NoStream ? "no events" : $"{expected}";
}
