namespace MartenEventing.PartitionArchive;

/// <summary>A partition archive was made from another database, or this one has no note of it.</summary>
public sealed class ForeignArchiveException : PartitionArchiveException
{
    private ForeignArchiveException(string archive, ArchiveOrigin origin, string message)
        : base(archive, $"The partition archive \"{archive}\" {message}") =>
        Origin = origin;

    /// <summary>The store that it was made from, as it says itself.</summary>
    public ArchiveOrigin Origin { get; }

    internal static ForeignArchiveException Of(ArchiveManifest manifest, string database, string schema) => new(
        manifest.Name, manifest.Origin, $"was made from schema \"{manifest.Origin.Schema}\" of database "
            + $"\"{manifest.Origin.Database}\" on the server {manifest.Origin.SystemIdentifier}, not from schema "
            + $"\"{schema}\" of this database, \"{database}\". Nothing was changed. If this is a copy of that "
            + "database, say so: --from-other-database.");

    internal static ForeignArchiveException Unknown(ArchiveManifest manifest, string database, string schema) => new(
        manifest.Name, manifest.Origin,
        $"says that it was made from schema \"{schema}\" of this database, \"{database}\", which has no note of it "
            + "(mt_partition_archives): anybody may have made it. Nothing was changed. If you know where it comes "
            + "from, say so: --from-other-database.");

    internal static ForeignArchiveException NotNoted(ArchiveManifest manifest, string database, string schema) => new(
        manifest.Name, manifest.Origin,
        $"of schema \"{manifest.Origin.Schema}\" of database \"{manifest.Origin.Database}\" is not noted in schema "
            + $"\"{schema}\" of the database \"{database}\" (mt_partition_archives). Nothing was changed. Name the "
            + "database that it was made from by --connection; where that is not to be reached, archive redact and "
            + "drop do without it: --without-database.");
}
