namespace MartenEventing.Partitioning;

/// <summary>How far the sealing of a partition has come.</summary>
public enum PartitionSeal
{
    /// <summary>Not sealed: reads by sequence look into it.</summary>
    Open,

    /// <summary>A range is claimed and not validated yet: the sealing was interrupted, or goes on.</summary>
    Claimed,

    /// <summary>Reads by sequence outside its range leave it out at plan time.</summary>
    Sealed,

    /// <summary>An event came after the sealing: reads look into it again, until maintenance seals it anew.</summary>
    Withdrawn,
}
