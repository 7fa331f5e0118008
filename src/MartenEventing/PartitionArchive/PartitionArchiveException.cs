namespace MartenEventing.PartitionArchive;

/// <summary>What is wrong with a partition archive, with the names and values in properties.</summary>
public abstract class PartitionArchiveException : MartenEventingException
{
    private protected PartitionArchiveException(string archive, string message, Exception? inner = null)
        : base(message, inner) =>
        Archive = archive;

    /// <summary>The archive's name.</summary>
    public string Archive { get; }
}
