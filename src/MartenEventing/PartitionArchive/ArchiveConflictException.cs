namespace MartenEventing.PartitionArchive;

/// <summary>A partition archive cannot be restored here, because the database holds something else.</summary>
public sealed class ArchiveConflictException : PartitionArchiveException
{
    internal ArchiveConflictException(string archive, string reason, Exception? inner = null)
        : base(archive,
            $"The partition archive \"{archive}\" cannot be restored in its place: {reason}. Nothing was changed. It "
            + "can be restored beside it: --as TABLE.", inner) =>
        Reason = reason;

    /// <summary>What stands against it.</summary>
    public string Reason { get; }
}
