namespace MartenEventing.PartitionArchive;

/// <summary>A stream is not erased with, or from, a partition archive, because a legal hold covers it.</summary>
public sealed class ArchiveHeldException : PartitionArchiveException
{
    internal ArchiveHeldException(string archive, string stream, IReadOnlyList<long> holds)
        : base(archive, $"The stream {stream} in the partition archive \"{archive}\" is under legal hold "
            + $"{string.Join(", ", holds)}. Nothing was erased. The holds are shown by: marten-eventing "
            + "retention hold list.") =>
        (Stream, Holds) = (stream, holds);

    /// <summary>The stream.</summary>
    public string Stream { get; }

    /// <summary>The numbers of the holds that cover it.</summary>
    public IReadOnlyList<long> Holds { get; }
}
