namespace MartenEventing.PartitionArchive;

/// <summary>A partition archive is not what was written.</summary>
public sealed class ArchiveDamagedException : PartitionArchiveException
{
    internal ArchiveDamagedException(string archive, ArchiveProblem problem)
        : base(archive,
            $"The partition archive \"{archive}\" is damaged: {problem.Describe()}. Nothing was restored from it; take "
            + "another copy of that file. All that is wrong is shown by: marten-eventing archive verify.") =>
        Problem = problem;

    /// <summary>What is wrong, with the file and the offset of the bytes.</summary>
    public ArchiveProblem Problem { get; }
}
