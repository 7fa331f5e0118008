namespace MartenEventing.PartitionArchive;

/// <summary>A table of a partition archive.</summary>
public sealed record ArchiveTable
{
    /// <summary>The name of the table in the database.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required ArchiveRole Role { get; init; }

    /// <summary>Its columns, in the order in which the lines have them.</summary>
    public required IReadOnlyList<ArchiveColumn> Columns { get; init; }

    /// <summary>How many rows it has.</summary>
    public required long Rows { get; init; }

    /// <summary>The root of the Merkle tree (RFC 6962) over the contents of its chunks.</summary>
    public required string Root { get; init; }

    /// <summary>Its files, in their order.</summary>
    public required IReadOnlyList<ArchiveFile> Files { get; init; }
}
