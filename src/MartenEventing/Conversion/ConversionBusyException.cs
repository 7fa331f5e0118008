namespace MartenEventing.Conversion;

/// <summary>Another process converts or maintains the store at the moment. Nothing was changed.</summary>
public sealed class ConversionBusyException : MartenEventingException
{
    internal ConversionBusyException(string schemaName)
        : base($"The event store in schema \"{schemaName}\" is being converted or maintained by another process. "
            + "Try again when it has ended; marten-eventing convert status shows how far it is.") =>
        SchemaName = schemaName;

    /// <summary>The schema of the store.</summary>
    public string SchemaName { get; }
}
