namespace MartenEventing.Partitioning;

/// <summary>The event store of a schema is plain: it has no partitions to look after.</summary>
public sealed class StoreNotPartitionedException : MartenEventingException
{
    internal StoreNotPartitionedException(string schemaName)
        : base($"The event store in schema \"{schemaName}\" is not partitioned. "
            + "An empty one becomes so by: marten-eventing db apply --layout partitioned.") =>
        SchemaName = schemaName;

    /// <summary>The schema of the store.</summary>
    public string SchemaName { get; }
}
