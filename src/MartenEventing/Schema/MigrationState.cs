namespace MartenEventing.Schema;

/// <summary>What the history of a database says about a file of the schema.</summary>
public enum MigrationState
{
    /// <summary>Applied as it is.</summary>
    Applied,

    /// <summary>Not applied yet.</summary>
    Pending,

    /// <summary>Applied with other contents. A repeatable file is due again, a versioned one is an error.</summary>
    Changed,

    /// <summary>Applied by a newer version of this library, which this one does not know.</summary>
    Unknown,
}
