namespace MartenEventing.PartitionArchive;

/// <summary>What is wrong with a partition archive.</summary>
public enum ArchiveProblemKind
{
    /// <summary>The manifest is not what was written.</summary>
    Manifest,

    /// <summary>A file is not there.</summary>
    MissingFile,

    /// <summary>A file is shorter or longer than it was.</summary>
    WrongLength,

    /// <summary>Bytes of a file are not those written.</summary>
    ChangedBytes,

    /// <summary>
    /// Bytes cannot be decrypted, decompressed or read as lines, or do not say what the manifest says.
    /// </summary>
    WrongContent,

    /// <summary>A file that was replaced by a redaction is still there: what was to be erased is in it.</summary>
    NotErased,

    /// <summary>An event of the archive is not in the database.</summary>
    NotInDatabase,

    /// <summary>An event of the database is not in the archive.</summary>
    NotInArchive,

    /// <summary>An event is another one in the database.</summary>
    Different,

    /// <summary>It is not taken as it is: for its key, its origin or its state.</summary>
    Refused,
}
