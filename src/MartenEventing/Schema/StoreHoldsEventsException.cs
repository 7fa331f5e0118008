namespace MartenEventing.Schema;

/// <summary>A plain store that holds events is not partitioned by applying the schema; convert it.</summary>
public sealed class StoreHoldsEventsException : MartenEventingException
{
    internal StoreHoldsEventsException(string schemaName, Exception inner)
        : base($"mt_events in schema \"{schemaName}\" is plain and holds events, which applying the schema never "
            + "moves. Convert it: marten-eventing convert. "
            + "Or keep it plain: marten-eventing db apply --layout plain.", inner) =>
        SchemaName = schemaName;

    /// <summary>The schema of the store.</summary>
    public string SchemaName { get; }
}
