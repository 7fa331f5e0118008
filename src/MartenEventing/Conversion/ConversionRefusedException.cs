namespace MartenEventing.Conversion;

/// <summary>A store cannot be converted as it is. Nothing was changed.</summary>
public sealed class ConversionRefusedException : MartenEventingException
{
    internal ConversionRefusedException(string schemaName, IReadOnlyList<ConversionObjection> objections)
        : base($"The event store in schema \"{schemaName}\" cannot be converted as it is; nothing was changed. "
            + string.Join(" ", objections.Select(o => $"{o.Subject}: {o.Reason}. {o.WayOut}."))
            + " The whole picture: marten-eventing convert plan.")
    {
        SchemaName = schemaName;
        Objections = objections;
    }

    /// <summary>The schema of the store.</summary>
    public string SchemaName { get; }

    /// <summary>What stands in the way.</summary>
    public IReadOnlyList<ConversionObjection> Objections { get; }
}
