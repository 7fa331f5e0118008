namespace MartenEventing.PartitionArchive;

/// <summary>A partition archive is of a format that this version does not know.</summary>
public sealed class ArchiveFormatException : PartitionArchiveException
{
    internal ArchiveFormatException(string archive, int found)
        : base(archive,
            $"The partition archive \"{archive}\" has format version {found}; this version of MartenEventing reads "
            + $"versions {ArchiveManifest.OldestFormatVersion} to {ArchiveManifest.CurrentFormatVersion}. Take a newer "
            + "version.") =>
        FormatVersion = found;

    /// <summary>The version of the format that was found.</summary>
    public int FormatVersion { get; }
}
