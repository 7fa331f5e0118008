namespace MartenEventing.PartitionArchive;

/// <summary>What a table is in a partition archive.</summary>
public enum ArchiveRole
{
    /// <summary>The events, in the order of their sequences.</summary>
    Events,

    /// <summary>
    /// For each stream how many of its events are here, and the first and last sequence of them; derived.
    /// </summary>
    Index,

    /// <summary>The rows of <c>mt_streams</c> of these streams, as of then.</summary>
    Streams,

    /// <summary>The rows of <c>mt_stream_bounds</c> of these streams.</summary>
    Bounds,

    /// <summary>The tags of these events, a table for each kind of tag.</summary>
    Tags,

    /// <summary>The natural keys of these streams, a table for each aggregate.</summary>
    NaturalKeys,
}
