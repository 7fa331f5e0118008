namespace MartenEventing.Retention;

/// <summary>What keeps a partition from being removed.</summary>
public enum RetentionGateKind
{
    /// <summary>A projection or subscription has not come past it.</summary>
    Projection,

    /// <summary>A legal hold touches it; a gate for cutting only, since otherwise the held streams live.</summary>
    Hold,

    /// <summary>An archive was asked for and is not verified.</summary>
    Archive,

    /// <summary>A logical replication slot has not consumed it.</summary>
    Replication,

    /// <summary>Its end is too near for it to be sealed.</summary>
    NotSealed,

    /// <summary>A policy asks for it, but it is younger than the minimum age.</summary>
    MinimumAge,

    /// <summary>A conversion keeps a second copy of the events.</summary>
    Conversion,

    /// <summary>It is not a partition of ours next to the head.</summary>
    Foreign,

    /// <summary>Projections are being rebuilt, and read the history again.</summary>
    Rebuild,

    /// <summary>Triggers of the store are off, or not in their mode: rows may come in that nobody is told of.</summary>
    Guard,
}
