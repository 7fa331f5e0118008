namespace MartenEventing.Schema;

/// <summary>A schema holds an event store of another kind than the options say. It is left as it is.</summary>
public sealed class StoreMismatchException : MartenEventingException
{
    internal StoreMismatchException(string schemaName, string option, object asked, object found)
        : base($"{nameof(SchemaOptions)}.{option} is {asked}, "
            + $"but the event store in schema \"{schemaName}\" has {found}. Nothing was changed. "
            + $"Set {option} to {found}, or choose another schema.")
    {
        SchemaName = schemaName;
        Option = option;
        Asked = asked.ToString()!;
        Found = found.ToString()!;
    }

    /// <summary>The schema of the store.</summary>
    public string SchemaName { get; }

    /// <summary>The property of <see cref="SchemaOptions"/> that does not fit.</summary>
    public string Option { get; }

    /// <summary>Its value in the options.</summary>
    public string Asked { get; }

    /// <summary>Its value in the database.</summary>
    public string Found { get; }
}
