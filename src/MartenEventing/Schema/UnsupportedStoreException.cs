namespace MartenEventing.Schema;

/// <summary>A schema holds an event store of a kind that is not supported. It is left as it is.</summary>
public sealed class UnsupportedStoreException : MartenEventingException
{
    internal UnsupportedStoreException(string schemaName, string reason)
        : base($"""The event store in schema "{schemaName}" is not supported: {reason}. Nothing was changed.""")
    {
        SchemaName = schemaName;
        Reason = reason;
    }

    /// <summary>The schema of the store.</summary>
    public string SchemaName { get; }

    /// <summary>What is not supported.</summary>
    public string Reason { get; }
}
