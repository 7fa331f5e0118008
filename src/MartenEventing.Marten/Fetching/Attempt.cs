namespace MartenEventing.Marten.Fetching;

/// <summary>
/// One read of a stream, from its call down to the statement that Marten's plan asks the identity for. Without one, a
/// stream is read as Marten reads it.
/// </summary>
internal sealed class Attempt(StreamSpan? within)
{
    private static readonly AsyncLocal<Attempt?> InHand = new();

    /// <summary>That of the current call; null outside of one.</summary>
    public static Attempt? Current
    {
        get => InHand.Value;
        set => InHand.Value = value;
    }

    /// <summary>Where it looks; null: it only asks where the stream lives.</summary>
    public StreamSpan? Within { get; } = within;

    /// <summary>Where the events were, once they are read and complete.</summary>
    public StreamSpan? Found { get; set; }

    /// <summary>Where the stream lives, once mt_streams has told.</summary>
    public StreamSpan? Life { get; set; }
}
