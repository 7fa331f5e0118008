namespace MartenEventing.Marten;

/// <summary>
/// The events lie in one plain table, and the store is configured to have them partitioned. Nothing was changed.
/// </summary>
public sealed class PlainEventStoreException : MartenEventingException
{
    internal PlainEventStoreException(string schemaName)
        : base($"""
                The table mt_events in schema "{schemaName}" is plain, and this store is configured with
                {nameof(StoreOptionsExtensions.UseTimePartitionedEvents)}. Nothing was changed. Convert it:
                `marten-eventing convert start --schema {schemaName}`; while it holds no events,
                `marten-eventing db apply --schema {schemaName}` does. To deploy first and convert later, set
                {nameof(TimePartitionedEvents)}.{nameof(TimePartitionedEvents.WhenPlain)} to
                {nameof(PlainStorePolicy.RunPlain)}.
                """.ReplaceLineEndings(" "))
    {
        SchemaName = schemaName;
    }

    /// <summary>The schema of the store.</summary>
    public string SchemaName { get; }
}
