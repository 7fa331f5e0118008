namespace MartenEventing.Schema;

/// <summary>A versioned file of the schema was applied with other contents than it has now.</summary>
public sealed class MigrationChangedException : MartenEventingException
{
    internal MigrationChangedException(string schemaName, string name, string appliedChecksum, string checksum)
        : base($"{name} was applied to schema \"{schemaName}\" with the checksum {appliedChecksum}, "
            + $"but has {checksum} now. Nothing was changed. "
            + "Use the version of MartenEventing that applied it or a later one; if the difference is known to be "
            + $"harmless, write the new checksum into mt_migrations where name = '{name}'.")
    {
        SchemaName = schemaName;
        Name = name;
        AppliedChecksum = appliedChecksum;
        Checksum = checksum;
    }

    /// <summary>The schema of the store.</summary>
    public string SchemaName { get; }

    /// <summary>The file, by its path below <c>db/</c>.</summary>
    public string Name { get; }

    /// <summary>SHA-256 of the file as it was applied, in lower-case hexadecimal.</summary>
    public string AppliedChecksum { get; }

    /// <summary>SHA-256 of the file as it is now, in lower-case hexadecimal.</summary>
    public string Checksum { get; }
}
