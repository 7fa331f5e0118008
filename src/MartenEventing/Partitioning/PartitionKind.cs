namespace MartenEventing.Partitioning;

/// <summary>What a partition of <c>mt_events</c> is, told by its name.</summary>
public enum PartitionKind
{
    /// <summary>Open towards the past: everything before the first closed partition.</summary>
    Head,

    /// <summary>Open towards the future: everything after the last closed partition.</summary>
    Tail,

    /// <summary>One period, for example <c>mt_events_m202611</c>.</summary>
    Period,

    /// <summary>
    /// Several periods in one, for example <c>mt_events_m202611_to_m202712</c>: a tail that was absorbed.
    /// </summary>
    Wide,

    /// <summary>A name that is not ours: shown, never touched.</summary>
    Other,
}
