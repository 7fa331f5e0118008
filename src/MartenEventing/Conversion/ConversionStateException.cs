namespace MartenEventing.Conversion;

/// <summary>What was asked for does not fit the state of the conversion. Nothing was changed.</summary>
public sealed class ConversionStateException : MartenEventingException
{
    internal ConversionStateException(string schemaName, ConversionState state, string message)
        : base($"Schema \"{schemaName}\": {message}")
    {
        SchemaName = schemaName;
        State = state;
    }

    /// <summary>The schema of the store.</summary>
    public string SchemaName { get; }

    /// <summary>The state it is in.</summary>
    public ConversionState State { get; }
}
