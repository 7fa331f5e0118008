using System.Globalization;
using System.Security.Cryptography;
using MartenEventing.PartitionArchive.Format;

namespace MartenEventing.PartitionArchive.Reading;

/// <summary>A complete archive: its manifest, read and checked, and its chunks on demand.</summary>
internal sealed class OpenArchive
{
    private readonly IArchiveStorage _storage;

    private OpenArchive(IArchiveStorage storage, ArchiveManifest manifest, ArchiveCipher? cipher, bool isReadable)
    {
        _storage = storage;
        Manifest = manifest;
        Cipher = cipher;
        IsReadable = isReadable;
    }

    public ArchiveManifest Manifest { get; }

    public ArchiveCipher? Cipher { get; }

    /// <summary>How its lines are digested.</summary>
    public ContentDigest Digest => Cipher?.Digest ?? ContentDigest.Plain;

    /// <summary>False where it is encrypted and there is no key: then only the stored bytes can be checked.</summary>
    public bool IsReadable { get; }

    /// <summary>Opens an archive.</summary>
    /// <param name="storage">Where it lies.</param>
    /// <param name="name">Its name.</param>
    /// <param name="key">The key, if it is encrypted.</param>
    /// <param name="mayLackKey">Whether it may be opened without a key, to look at its bytes.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ArchiveNotFoundException">There is none, or an unfinished one.</exception>
    /// <exception cref="ArchiveFormatException">Its format is unknown.</exception>
    /// <exception cref="ArchiveDamagedException">The manifest is not what was written.</exception>
    /// <exception cref="ArchiveKeyException">The key is missing or wrong, or there is one and it is not
    /// encrypted.</exception>
    public static async Task<OpenArchive> OpenAsync(
        IArchiveStorage storage, string name, ArchiveKey? key, bool mayLackKey, CancellationToken cancellationToken)
    {
        var sealedManifest = await ReadManifestAsync(storage, name, cancellationToken);
        var manifest = sealedManifest.Manifest;
        if (manifest.Encryption is not null && key is null && mayLackKey)
            return new OpenArchive(storage, manifest, null, isReadable: false);
        var cipher = ArchiveCipher.Open(manifest, key);
        if (cipher is not null)
            ManifestText.RequireMac(sealedManifest, cipher);
        return new OpenArchive(storage, manifest, cipher, isReadable: true);
    }

    /// <summary>Whether the manifest that is there now is still the one that was read.</summary>
    public async Task<bool> IsUnchangedAsync(CancellationToken cancellationToken) =>
        (await ReadManifestAsync(_storage, Manifest.Name, cancellationToken)).Manifest.Seal == Manifest.Seal;

    /// <summary>The lines of a chunk.</summary>
    /// <exception cref="ArchiveDamagedException">They are not those that were written.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(
        ArchiveFile file, int chunk, CancellationToken cancellationToken) =>
        Decode(file, chunk, await ReadStoredAsync(file, chunk, cancellationToken));

    /// <summary>The stored bytes of a chunk.</summary>
    /// <exception cref="ArchiveDamagedException">They are not those that were written.</exception>
    public async Task<byte[]> ReadStoredAsync(ArchiveFile file, int chunk, CancellationToken cancellationToken)
    {
        var (offset, length) = Place(file, chunk);
        await using var stream = await _storage.OpenReadAsync(KeyOf(file.Name), offset, length, cancellationToken)
            ?? throw Damaged(ArchiveProblemKind.MissingFile, file, null, null, "the file is missing");
        var bytes = new byte[length];
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        if (read < bytes.Length)
            throw Damaged(
                ArchiveProblemKind.WrongLength, file, offset + read, length - read,
                $"the file ends here, and should have {file.Bytes} bytes");
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != file.Chunks[chunk].Sha256)
            throw Damaged(
                ArchiveProblemKind.ChangedBytes, file, offset, length,
                $"chunk {chunk} is not the one that was written");
        return bytes;
    }

    public string KeyOf(string file) => $"{Manifest.Name}/{file}";

    public ReadOnlyMemory<byte> Decode(ArchiveFile file, int chunk, byte[] bytes)
    {
        try
        {
            var plain = Cipher is null ? bytes : Cipher.Decrypt(bytes, file.Name, chunk);
            var content = ChunkCompression.Decompress(plain, file.Chunks[chunk].ContentBytes, Manifest.Compression);
            return Digest.TextOf(content.Span) == file.Chunks[chunk].ContentSha256
                ? content
                : throw new FormatException("The lines are not those that the manifest tells of.");
        }
        catch (FormatException error)
        {
            throw Unreadable(file, chunk, error);
        }
    }

    /// <summary>What is made of each line of a chunk, where something is.</summary>
    /// <exception cref="ArchiveDamagedException">A line is none.</exception>
    public IEnumerable<T> Told<T>(
        ArchiveFile file, int chunk, ReadOnlyMemory<byte> content, Func<ReadOnlyMemory<byte>, T?> read) where T : class
    {
        using var lines = Lines.Of(content).GetEnumerator();
        while (true)
        {
            T? made;
            try
            {
                if (!lines.MoveNext())
                    yield break;
                made = read(lines.Current);
            }
            catch (FormatException error)
            {
                throw Unreadable(file, chunk, error);
            }

            if (made is not null)
                yield return made;
        }
    }

    /// <summary>Tells of a chunk with lines that are none.</summary>
    public ArchiveDamagedException Unreadable(ArchiveFile file, int chunk, FormatException error)
    {
        var (offset, length) = Place(file, chunk);
        return Damaged(ArchiveProblemKind.WrongContent, file, offset, length, $"chunk {chunk}: {error.Message}");
    }

    /// <summary>Tells of a file whose rows are none.</summary>
    public ArchiveDamagedException Refused(ArchiveFile file, string message) =>
        Damaged(ArchiveProblemKind.WrongContent, file, 0, file.Bytes, message);

    public static (long Offset, int Length) Place(ArchiveFile file, int chunk)
    {
        var offset = 0L;
        for (var i = 0; i < chunk; i++)
            offset += file.Chunks[i].Bytes;
        return (offset, file.Chunks[chunk].Bytes);
    }

    private static async Task<SealedManifest> ReadManifestAsync(
        IArchiveStorage storage, string name, CancellationToken cancellationToken)
    {
        if (!PlainName.IsOne(name))
            throw new ArchiveNotFoundException(name, storage.Location, isUnfinished: false);
        await using var stream = await storage.OpenReadAsync(
            $"{name}/{ManifestText.FileName}", 0, ArchiveLimits.ManifestBytes + 1L, cancellationToken);
        if (stream is null)
        {
            var isUnfinished = await storage.ListAsync($"{name}/", cancellationToken).AnyAsync(cancellationToken);
            throw new ArchiveNotFoundException(name, storage.Location, isUnfinished);
        }

        var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellationToken);
        return bytes.Length <= ArchiveLimits.ManifestBytes
            ? ManifestText.Read(name, bytes.GetBuffer().AsMemory(0, (int)bytes.Length))
            : throw ManifestText.Damaged(name, bytes.Length, string.Create(
                CultureInfo.InvariantCulture, $"is longer than {ArchiveLimits.ManifestBytes:N0} bytes"));
    }

    private ArchiveDamagedException Damaged(
        ArchiveProblemKind kind, ArchiveFile file, long? offset, long? length, string message) =>
        new(Manifest.Name, new ArchiveProblem
        {
            Kind = kind, File = KeyOf(file.Name), Offset = offset, Length = length, Message = message,
        });
}
