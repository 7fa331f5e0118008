namespace MartenEventing.PartitionArchive;

/// <summary>How far the writing or restoring of a partition archive has come.</summary>
/// <param name="Archive">Its name.</param>
/// <param name="Events">Events written or loaded so far.</param>
/// <param name="Bytes">Bytes stored or read so far.</param>
public sealed record ArchiveProgress(string Archive, long Events, long Bytes);
