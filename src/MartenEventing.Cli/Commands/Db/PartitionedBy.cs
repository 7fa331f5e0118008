namespace MartenEventing.Cli.Commands.Db;

/// <summary>By what the events are cut into partitions.</summary>
internal enum PartitionedBy
{
    /// <summary>By time: the tenants share the partitions.</summary>
    Time,

    /// <summary>By tenant, and each tenant's by time.</summary>
    Tenant,
}
