namespace MartenEventing.Events;

/// <summary>In which order a query gives events.</summary>
public enum EventOrder
{
    /// <summary>As they were appended: by sequence. The default.</summary>
    Sequence,

    /// <summary>By sequence, the last appended first.</summary>
    SequenceDescending,

    /// <summary>As they happened: by timestamp, and by sequence where timestamps are equal.</summary>
    Time,

    /// <summary>By timestamp and sequence, the latest first.</summary>
    TimeDescending,
}
