namespace MartenEventing.PartitionArchive;

/// <summary>
/// A partition archive is not in the state that the database has noted: an older copy, or a forged one.
/// </summary>
public sealed class ArchiveRevisionException : PartitionArchiveException
{
    internal ArchiveRevisionException(string archive, int foundRevision, string foundSeal, int revision, string seal)
        : base(archive, $"The partition archive \"{archive}\" is revision {foundRevision} with the seal "
            + $"{foundSeal[..16]}...; the database has noted revision {revision} with the seal {seal[..16]}...: it is "
            + "an older copy, or was changed without the database. Nothing was done with it. Put the right copy in its "
            + "place. If what is there is right, because it was redacted where the database was not to be reached, say "
            + "so: marten-eventing archive verify --accept.") =>
        (FoundRevision, FoundSeal, Revision, Seal) = (foundRevision, foundSeal, revision, seal);

    /// <summary>The revision that is there.</summary>
    public int FoundRevision { get; }

    /// <summary>The seal of the manifest that is there, in lower-case hexadecimal.</summary>
    public string FoundSeal { get; }

    /// <summary>The revision that the database has noted.</summary>
    public int Revision { get; }

    /// <summary>The seal that the database has noted.</summary>
    public string Seal { get; }
}
