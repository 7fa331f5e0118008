namespace MartenEventing.PartitionArchive;

/// <summary>A partition archive in a list.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">What it takes up, the manifest included.</param>
/// <param name="Manifest">What it holds; null when it is unfinished or not to be read.</param>
/// <param name="Problem">Why there is no manifest.</param>
public sealed record ArchiveEntry(string Name, long Bytes, ArchiveManifest? Manifest, string? Problem)
{
    /// <summary>Whether there is no manifest because its writing was broken off: then it counts for nothing.</summary>
    public bool IsUnfinished { get; init; }
}
