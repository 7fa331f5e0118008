namespace MartenEventing.PartitionArchive.Format;

/// <summary>How much an archive may ask of who reads it. The writer keeps to it, too.</summary>
internal static class ArchiveLimits
{
    /// <summary>How long a manifest may be: some 100,000 chunks.</summary>
    public const int ManifestBytes = 1 << 26;

    /// <summary>How many bytes of lines a chunk may have, and so a line.</summary>
    public const int ContentBytes = 96 << 20;

    /// <summary>
    /// How many stored bytes a chunk with so many bytes of lines may have: what cannot be compressed grows a little.
    /// </summary>
    public static long StoredBytes(int contentBytes) => contentBytes + (contentBytes / 8) + 1024L;
}
