using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MartenEventing.PartitionArchive.Format;

/// <summary>
/// AES-256-GCM over each chunk, with a fresh nonce. What a chunk belongs to (archive, file, place in it) is
/// authenticated with it, so that chunks cannot be exchanged.
/// </summary>
internal sealed class ArchiveCipher
{
    public const string Algorithm = "aes-256-gcm";
    public const string Suffix = ".aes";

    /// <summary>The first version of the format whose digests of lines are keyed.</summary>
    private const int KeyedDigests = 2;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly Guid _archive;
    private readonly byte[] _key;
    private readonly byte[] _macKey;

    private ArchiveCipher(Guid archive, int version, ArchiveKey key, byte[] salt)
    {
        _archive = archive;
        _key = key.Derive(salt, "marten-eventing partition archive: files", 32);
        _macKey = key.Derive(salt, "marten-eventing partition archive: manifest", 32);
        Digest = version < KeyedDigests
            ? ContentDigest.Plain
            : ContentDigest.Keyed(key.Derive(salt, "marten-eventing partition archive: digests", 32));
        Parameters = new ArchiveEncryption(
            Algorithm,
            Convert.ToHexStringLower(salt),
            Convert.ToHexStringLower(key.Derive(salt, "marten-eventing partition archive: check", 8)));
    }

    public ArchiveEncryption Parameters { get; }

    /// <summary>How the archive's lines are digested.</summary>
    public ContentDigest Digest { get; }

    public static ArchiveCipher? Create(Guid archive, ArchiveKey? key) =>
        key is null ? null : new ArchiveCipher(
            archive, ArchiveManifest.CurrentFormatVersion, key, RandomNumberGenerator.GetBytes(16));

    /// <summary>The cipher of an archive that exists; null where it is not encrypted and there is no key.</summary>
    /// <exception cref="ArchiveKeyException">
    /// The key is missing or wrong, or there is one and the archive is not encrypted.
    /// </exception>
    public static ArchiveCipher? Open(ArchiveManifest manifest, ArchiveKey? key)
    {
        if (manifest.Encryption is not { } encryption)
            return key is null ? null : throw ArchiveKeyException.Unencrypted(manifest.Name);
        if (key is null)
            throw ArchiveKeyException.Missing(manifest.Name);
        var cipher = new ArchiveCipher(
            manifest.Id, manifest.FormatVersion, key, Convert.FromHexString(encryption.Salt));
        return cipher.Parameters == encryption
            ? cipher
            : throw ArchiveKeyException.Another(manifest.Name);
    }

    public string Mac(ReadOnlySpan<byte> manifest) => Convert.ToHexStringLower(HMACSHA256.HashData(_macKey, manifest));

    public byte[] Encrypt(ReadOnlySpan<byte> plain, string file, int chunk)
    {
        var bytes = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = bytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(nonce, plain, bytes.AsSpan(NonceBytes, plain.Length), bytes.AsSpan(^TagBytes), Place(file, chunk));
        return bytes;
    }

    /// <exception cref="FormatException">It was not encrypted so, or not as this chunk of this file.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> bytes, string file, int chunk)
    {
        if (bytes.Length < NonceBytes + TagBytes)
            throw new FormatException("The chunk is too short to be encrypted.");
        var plain = new byte[bytes.Length - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(_key, TagBytes);
            aes.Decrypt(
                bytes[..NonceBytes], bytes[NonceBytes..^TagBytes], bytes[^TagBytes..], plain, Place(file, chunk));
            return plain;
        }
        catch (AuthenticationTagMismatchException error)
        {
            throw new FormatException(
                "The chunk cannot be decrypted: it is not the one that was encrypted here.", error);
        }
    }

    private byte[] Place(string file, int chunk) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_archive:D}/{file}/{chunk}"));
}
