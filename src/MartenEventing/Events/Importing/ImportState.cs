namespace MartenEventing.Events.Importing;

/// <summary>What of a source is stored.</summary>
/// <param name="Lines">So many lines from the beginning.</param>
/// <param name="Halves">And up to a line the events of all streams below one.</param>
internal sealed record ImportState(long Lines, IReadOnlyList<(StreamId Below, long Lines)> Halves)
{
    public static readonly ImportState Nothing = new(0, []);

    public bool Holds(long line, StreamId stream)
    {
        if (line <= Lines)
            return true;
        foreach (var half in Halves)
            if (line <= half.Lines && StreamOrder.Compare(stream, half.Below) < 0)
                return true;
        return false;
    }
}
