namespace MartenEventing.Events.Reading;

/// <summary>Events of a stream, oldest first, and the version that the stream was at.</summary>
internal sealed record StreamRange(long StreamVersion, List<StoredEvent> Events)
{
    public static readonly StreamRange NoStream = new(0, []);

    /// <summary>
    /// True when all versions asked for are there, up to the stream's. Versions are given once and without gaps, so
    /// nothing can be missing then, wherever the events lie.
    /// </summary>
    public bool IsComplete(long from, long to)
    {
        if (Events.Count != Math.Max(0, Math.Min(to, StreamVersion) - from + 1))
            return false;
        for (var i = 0; i < Events.Count; i++)
            if (Events[i].Version != from + i)
                return false;
        return true;
    }
}
