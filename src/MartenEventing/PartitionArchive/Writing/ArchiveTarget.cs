using System.Globalization;
using MartenEventing.PartitionArchive.Format;

namespace MartenEventing.PartitionArchive.Writing;

/// <summary>The archive that is being written: how, and under which names.</summary>
internal sealed record ArchiveTarget(
    IArchiveStorage Storage, string Name, Guid Id, int Revision, ArchiveCompression Compression, ArchiveCipher? Cipher,
    ArchiveOptions Options)
{
    /// <summary>
    /// The archive's id is in the name, so that two that are written under one name do not disturb each other; so is
    /// the revision, so that a redaction does not disturb what it replaces.
    /// </summary>
    public string FileName(string stem, int number) => string.Create(
        CultureInfo.InvariantCulture,
        $"{stem}-{number:00000}-{Id.ToString("N")[^8..]}-{Revision}.ndjson{ChunkCompression.Suffix(Compression)}"
        + $"{(Cipher is null ? "" : ArchiveCipher.Suffix)}");

    public async Task StoreAsync(string file, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        await Storage.WriteAsync($"{Name}/{file}", content, replace: true, cancellationToken);

    /// <summary>Writes the manifest, with which the archive is complete.</summary>
    public Task<bool> CompleteAsync(ArchiveManifest manifest, bool replace, CancellationToken cancellationToken) =>
        Storage.WriteAsync(
            $"{Name}/{ManifestText.FileName}", ManifestText.Write(manifest, Cipher), replace, cancellationToken);
}
