namespace MartenEventing.PartitionArchive;

/// <summary>
/// A partition archive is encrypted and the key is missing or another one, or it is not and there is a key.
/// </summary>
public sealed class ArchiveKeyException : PartitionArchiveException
{
    private ArchiveKeyException(string archive, string message)
        : base(archive, $"The partition archive \"{archive}\" {message}")
    {
    }

    /// <summary>Whether there was no key at all.</summary>
    public bool IsMissing { get; private init; }

    /// <summary>
    /// Whether there was a key and the archive is not encrypted: so that nobody without the key can exchange one.
    /// </summary>
    public bool IsUnencrypted { get; private init; }

    internal static ArchiveKeyException Missing(string archive) => new(
        archive, $"is encrypted. Give its key in {ArchiveKey.Variable} or by --key-file.")
    {
        IsMissing = true,
    };

    internal static ArchiveKeyException Another(string archive) => new(
        archive, "was encrypted with another key. Nothing is damaged; give the key that was in use when it was made.");

    internal static ArchiveKeyException Unencrypted(string archive) => new(
        archive, "is not encrypted, and a key was given: with one only encrypted archives are taken, "
            + $"since anybody can make one that is not. If it is meant, leave the key out ({ArchiveKey.Variable}, "
            + "--key-file).")
    {
        IsUnencrypted = true,
    };
}
