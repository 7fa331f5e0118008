namespace MartenEventing.Schema;

/// <summary>A schema holds no event store.</summary>
public sealed class StoreNotFoundException : MartenEventingException
{
    internal StoreNotFoundException(string schemaName, string database)
        : base($"Schema \"{schemaName}\" of database \"{database}\" holds no event store. "
            + "Set one up: marten-eventing db apply.")
    {
        SchemaName = schemaName;
        Database = database;
    }

    /// <summary>The schema looked into.</summary>
    public string SchemaName { get; }

    /// <summary>The database looked into.</summary>
    public string Database { get; }
}
