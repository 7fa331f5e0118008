using System.Security.Cryptography;
using MartenEventing.PartitionArchive.Format;

namespace MartenEventing.PartitionArchive.Reading;

/// <summary>A complete archive: its manifest, read and checked, and its chunks on demand.</summary>
internal sealed class OpenArchive
{
    private const int LongestManifest = int.MaxValue;

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
    /// <exception cref="ArchiveKeyException">The key is missing or wrong.</exception>
    public static async Task<OpenArchive> OpenAsync(
        IArchiveStorage storage, string name, ArchiveKey? key, bool mayLackKey, CancellationToken cancellationToken)
    {
        var bytes = await ReadAllAsync(storage, $"{name}/{ManifestText.FileName}", cancellationToken);
        if (bytes is null)
        {
            var isUnfinished = await storage.ListAsync($"{name}/", cancellationToken).AnyAsync(cancellationToken);
            throw new ArchiveNotFoundException(name, storage.Location, isUnfinished);
        }

        var manifest = ManifestText.Read(name, bytes);
        if (manifest.Encryption is not null && key is null && mayLackKey)
            return new OpenArchive(storage, manifest with { Name = name }, null, isReadable: false);
        var cipher = ArchiveCipher.Open(manifest, key);
        if (cipher is not null)
            ManifestText.RequireMac(name, bytes, cipher);
        return new OpenArchive(storage, manifest with { Name = name }, cipher, isReadable: true);
    }

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
                ArchiveProblemKind.ChangedBytes, file, offset, length, $"chunk {chunk} is not the one that was written");
        return bytes;
    }

    public string KeyOf(string file) => $"{Manifest.Name}/{file}";

    public ReadOnlyMemory<byte> Decode(ArchiveFile file, int chunk, byte[] bytes)
    {
        try
        {
            var plain = Cipher is null ? bytes : Cipher.Decrypt(bytes, file.Name, chunk);
            var content = ChunkCompression.Decompress(plain, file.Chunks[chunk].ContentBytes, Manifest.Compression);
            return Convert.ToHexStringLower(SHA256.HashData(content.Span)) == file.Chunks[chunk].ContentSha256
                ? content
                : throw new FormatException("The lines are not those that the manifest tells of.");
        }
        catch (FormatException error)
        {
            var (offset, length) = Place(file, chunk);
            throw Damaged(ArchiveProblemKind.WrongContent, file, offset, length, $"chunk {chunk}: {error.Message}");
        }
    }

    public static (long Offset, int Length) Place(ArchiveFile file, int chunk)
    {
        var offset = 0L;
        for (var i = 0; i < chunk; i++)
            offset += file.Chunks[i].Bytes;
        return (offset, file.Chunks[chunk].Bytes);
    }

    private static async Task<byte[]?> ReadAllAsync(
        IArchiveStorage storage, string key, CancellationToken cancellationToken)
    {
        await using var stream = await storage.OpenReadAsync(key, 0, LongestManifest, cancellationToken);
        if (stream is null)
            return null;
        var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    private ArchiveDamagedException Damaged(
        ArchiveProblemKind kind, ArchiveFile file, long? offset, long? length, string message) =>
        new(Manifest.Name, new ArchiveProblem
        {
            Kind = kind, File = KeyOf(file.Name), Offset = offset, Length = length, Message = message,
        });
}
