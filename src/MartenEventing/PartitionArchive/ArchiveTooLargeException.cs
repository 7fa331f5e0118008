namespace MartenEventing.PartitionArchive;

/// <summary>A partition archive would be larger than who reads it could take. Nothing was kept of it.</summary>
public sealed class ArchiveTooLargeException : PartitionArchiveException
{
    private ArchiveTooLargeException(string archive, string message)
        : base(archive, message)
    {
    }

    internal static ArchiveTooLargeException OfRow(string archive, string table, long? sequence, int bytes, int most) =>
        new(
        archive, $"A row of {table}{(sequence is null ? "" : $", event {sequence},")} has {bytes:N0} "
            + $"bytes as a line of a partition archive; at most {most:N0} are taken. Nothing was kept of "
            + $"\"{archive}\". Make the event smaller, or archive other partitions.");

    internal static ArchiveTooLargeException OfManifest(string archive, int bytes, int most) => new(
        archive, $"The manifest of the partition archive \"{archive}\" would have {bytes:N0} bytes; at "
            + $"most {most:N0} are read. Nothing was kept. Archive it in several ranges, by --from and --to, or with a "
            + $"larger {nameof(ArchiveOptions)}.{nameof(ArchiveOptions.ChunkBytes)}.");
}
