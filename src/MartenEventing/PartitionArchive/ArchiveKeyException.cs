namespace MartenEventing.PartitionArchive;

/// <summary>A partition archive is encrypted, and the key is missing or another one.</summary>
public sealed class ArchiveKeyException : PartitionArchiveException
{
    internal ArchiveKeyException(string archive, bool isMissing)
        : base(archive, isMissing
            ? $"The partition archive \"{archive}\" is encrypted. Give its key in {ArchiveKey.Variable} or by --key-file."
            : $"The partition archive \"{archive}\" was encrypted with another key. Nothing is damaged; give the key that "
                + "was in use when it was made.") =>
        IsMissing = isMissing;

    /// <summary>Whether there was no key at all.</summary>
    public bool IsMissing { get; }
}
