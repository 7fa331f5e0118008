namespace MartenEventing.PartitionArchive.Format;

/// <summary>A manifest as it was read.</summary>
/// <param name="Manifest">What it says.</param>
/// <param name="Body">The bytes that its MAC is of.</param>
/// <param name="Mac">The MAC; null where there is none.</param>
internal sealed record SealedManifest(ArchiveManifest Manifest, ReadOnlyMemory<byte> Body, string? Mac);
