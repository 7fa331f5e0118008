namespace MartenEventing.Tests.Security;

/// <summary>How a store came to be.</summary>
public enum Making
{
    /// <summary>By the migrator, as <c>db apply</c> does.</summary>
    Applied,

    /// <summary>By the script of <c>db script</c>.</summary>
    Scripted,

    /// <summary>By the commands of docs/psql.md.</summary>
    ByPsql,

    /// <summary>From the plain layout, its table having become the head.</summary>
    Converted,

    /// <summary>From the plain layout by a copy, the plain table still being written to.</summary>
    ConvertedByCopy,

    /// <summary>By the migrator, each tenant with partitions of its own.</summary>
    ByTenant,
}
