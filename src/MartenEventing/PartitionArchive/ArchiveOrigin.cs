using MartenEventing.Schema;

namespace MartenEventing.PartitionArchive;

/// <summary>The store that a partition archive was made from.</summary>
public sealed record ArchiveOrigin
{
    /// <summary>The server's system identifier (<c>pg_control_system()</c>).</summary>
    public required string SystemIdentifier { get; init; }

    /// <summary>The name of the database.</summary>
    public required string Database { get; init; }

    /// <summary>The schema of the store.</summary>
    public required string Schema { get; init; }

    /// <summary>The server's version.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>The last versioned file of the schema that was applied; null where none is noted.</summary>
    public string? SchemaVersion { get; init; }

    /// <summary>What names a stream.</summary>
    public required StreamIdentity StreamIdentity { get; init; }

    /// <summary>Whether tenants share the streams.</summary>
    public required EventTenancy Tenancy { get; init; }
}
