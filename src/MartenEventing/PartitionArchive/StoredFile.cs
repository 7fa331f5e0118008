namespace MartenEventing.PartitionArchive;

/// <summary>A file in a storage of partition archives.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Bytes">Its length.</param>
public sealed record StoredFile(string Key, long Bytes);
