namespace MartenEventing.Events;

/// <summary>In which order events are read.</summary>
public enum ReadDirection
{
    /// <summary>The oldest first.</summary>
    Forwards,

    /// <summary>The newest first.</summary>
    Backwards,
}
