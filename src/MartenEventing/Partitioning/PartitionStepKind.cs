namespace MartenEventing.Partitioning;

/// <summary>What a step of maintenance does.</summary>
public enum PartitionStepKind
{
    /// <summary>Completes a <c>DETACH ... CONCURRENTLY</c> that was interrupted.</summary>
    FinalizeDetach,

    /// <summary>Makes partitions ahead, out of the tail; a tail that holds events of that time is absorbed.</summary>
    Provision,

    /// <summary>Makes partitions for the past, out of the head.</summary>
    ProvisionHistory,

    /// <summary>Merges old partitions into one of a longer period.</summary>
    RollUp,

    /// <summary>Seals a partition whose period and grace have passed.</summary>
    Seal,

    /// <summary>Renews the statistics of <c>mt_events</c> as a whole.</summary>
    Analyze,
}
