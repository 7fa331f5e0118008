namespace MartenEventing.Partitioning;

/// <summary>One step of a plan.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Target">The table it is done to.</param>
/// <param name="Description">One line for people: what is done, and why.</param>
/// <param name="Statements">How it is done. An interrupted step is completed by the next pass.</param>
public sealed record PartitionStep(
    PartitionStepKind Kind, string Target, string Description, IReadOnlyList<PartitionStatement> Statements)
{
    /// <summary>
    /// Whose partitions it is about, to be named by <c>mt_use_tenant</c> before; null unless the store is partitioned
    /// by tenant.
    /// </summary>
    public string? Tenant { get; init; }
}
