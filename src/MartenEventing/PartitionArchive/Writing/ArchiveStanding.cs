namespace MartenEventing.PartitionArchive.Writing;

/// <summary>What a database knows of an archive that it does not contradict.</summary>
internal enum ArchiveStanding
{
    /// <summary>The store has no list of archives.</summary>
    NoRegister,

    /// <summary>It is not in the list.</summary>
    Unknown,

    /// <summary>It is in the list since before seals were noted.</summary>
    WithoutSeal,

    /// <summary>It is in the list with just this seal.</summary>
    Noted,
}
