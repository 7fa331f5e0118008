namespace MartenEventing.PartitionArchive;

/// <summary>How the chunks of a partition archive are compressed.</summary>
public enum ArchiveCompression
{
    /// <summary>Brotli (RFC 7932): the smallest.</summary>
    Brotli,

    /// <summary>Gzip (RFC 1952): larger by a quarter, and read by everything.</summary>
    Gzip,

    /// <summary>Not at all: for storage that compresses by itself.</summary>
    None,
}
