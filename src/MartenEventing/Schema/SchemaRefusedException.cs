using Npgsql;

namespace MartenEventing.Schema;

/// <summary>
/// The schema for the store is not there, and the role that is connected may not make it. Nothing was changed.
/// </summary>
public sealed class SchemaRefusedException : MartenEventingException
{
    internal SchemaRefusedException(string schemaName, string database, string userName, PostgresException inner)
        : base(
            $"There is no schema \"{schemaName}\" in database \"{database}\", and role \"{userName}\" may not make "
            + $"one. Whoever may makes it once: CREATE SCHEMA {SqlText.Quote(schemaName)} AUTHORIZATION "
            + $"{SqlText.Quote(userName)}.",
            inner) => (SchemaName, Database, UserName) = (schemaName, database, userName);

    /// <summary>The schema.</summary>
    public string SchemaName { get; }

    /// <summary>The database.</summary>
    public string Database { get; }

    /// <summary>The role that is connected.</summary>
    public string UserName { get; }
}
