namespace MartenEventing.Schema;

/// <summary>How a file of the schema is applied.</summary>
public enum MigrationKind
{
    /// <summary>Once, in the order of the version numbers, and never changed afterwards.</summary>
    Versioned,

    /// <summary>Again whenever it has changed: functions and views.</summary>
    Repeatable,
}
