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

    /// <summary>What it keeps others from, and for how long at most.</summary>
    public string Locks => Kind switch
    {
        PartitionStepKind.FinalizeDetach => $"ACCESS EXCLUSIVE on {Target}",
        PartitionStepKind.Provision or PartitionStepKind.ProvisionHistory =>
            "ACCESS EXCLUSIVE on mt_events, for some milliseconds",
        PartitionStepKind.RollUp => "ACCESS EXCLUSIVE on mt_events and the partitions, for some milliseconds a batch",
        PartitionStepKind.Seal => $"ACCESS EXCLUSIVE on {Target}, for some milliseconds",
        _ => "none that matter",
    };

    /// <summary>Its statements as psql runs them, a comment before them.</summary>
    /// <param name="schemaName">The schema of the store.</param>
    public string ToScript(string schemaName) => string.Concat(
        (IEnumerable<string>)
        [
            $"-- {Description}. Locks: {Locks}.\n",
            .. Tenant is { } tenant ? [TenantInHand.Sql(schemaName, tenant) + ";\n"] : (string[])[],
            .. Statements.Select(statement => statement.ToScript()),
        ]);
}
