namespace MartenEventing.PartitionArchive;

/// <summary>A partition archive was made from another database.</summary>
public sealed class ForeignArchiveException : PartitionArchiveException
{
    internal ForeignArchiveException(string archive, ArchiveOrigin origin, string database, string schema)
        : base(archive, $"The partition archive \"{archive}\" was made from schema \"{origin.Schema}\" of database "
            + $"\"{origin.Database}\" on the server {origin.SystemIdentifier}, not from schema \"{schema}\" of this database, "
            + $"\"{database}\". Nothing was changed. If this is a copy of that database, say so: --from-other-database.") =>
        Origin = origin;

    /// <summary>The store that it was made from.</summary>
    public ArchiveOrigin Origin { get; }
}
