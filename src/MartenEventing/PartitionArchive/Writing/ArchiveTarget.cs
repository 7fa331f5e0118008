using System.Globalization;
using MartenEventing.PartitionArchive.Format;

namespace MartenEventing.PartitionArchive.Writing;

/// <summary>The archive that is being written: how, and under which names.</summary>
internal sealed record ArchiveTarget(
    IArchiveStorage Storage, string Name, Guid Id, int Revision, ArchiveCompression Compression, ArchiveCipher? Cipher,
    ArchiveOptions Options)
{
    public ContentDigest Digest => Cipher?.Digest ?? ContentDigest.Plain;

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

    /// <summary>The manifest as it is to be written, and as it will be read.</summary>
    /// <exception cref="ArchiveTooLargeException">It is longer than any that is read.</exception>
    public (ArchiveManifest Manifest, byte[] Text) Seal(ArchiveManifest manifest)
    {
        var text = ManifestText.Write(manifest, Cipher);
        return text.Length <= ArchiveLimits.ManifestBytes
            ? (manifest with { Seal = ManifestText.SealOf(text) }, text)
            : throw ArchiveTooLargeException.OfManifest(Name, text.Length, ArchiveLimits.ManifestBytes);
    }

    /// <summary>Writes the manifest, with which the archive is complete.</summary>
    public Task<bool> CompleteAsync(byte[] manifest, bool replace, CancellationToken cancellationToken) =>
        Storage.WriteAsync($"{Name}/{ManifestText.FileName}", manifest, replace, cancellationToken);
}
