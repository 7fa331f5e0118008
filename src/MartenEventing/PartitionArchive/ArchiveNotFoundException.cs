namespace MartenEventing.PartitionArchive;

/// <summary>There is no complete partition archive of this name.</summary>
public sealed class ArchiveNotFoundException : PartitionArchiveException
{
    internal ArchiveNotFoundException(string archive, string location, bool isUnfinished)
        : base(archive, isUnfinished
            ? $"The partition archive \"{archive}\" in {location} has no manifest: its writing was broken off. "
                + $"It counts for nothing; remove it by: marten-eventing archive drop {location} {archive}."
            : $"There is no partition archive \"{archive}\" in {location}. "
                + $"Those there are shown by: marten-eventing archive list {location}.") =>
        (Location, IsUnfinished) = (location, isUnfinished);

    /// <summary>Where it was looked for.</summary>
    public string Location { get; }

    /// <summary>Whether there are files of it, but no manifest.</summary>
    public bool IsUnfinished { get; }
}
