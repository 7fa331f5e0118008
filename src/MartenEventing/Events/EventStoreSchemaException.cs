namespace MartenEventing.Events;

/// <summary>The database lacks a table, column or function of the event store.</summary>
public sealed class EventStoreSchemaException : EventStoreException
{
    internal EventStoreSchemaException(string schemaName, string missing, Exception inner)
        : base($"The event store in schema \"{schemaName}\" is not complete: {missing}. Set it up, or bring it up to "
            + "date: marten-eventing db apply. Its state: marten-eventing db status.", inner)
    {
        SchemaName = schemaName;
        Missing = missing;
    }

    /// <summary>The schema of the store.</summary>
    public string SchemaName { get; }

    /// <summary>What is missing, in the server's words.</summary>
    public string Missing { get; }
}
