using System.Security.Cryptography;

namespace MartenEventing.PartitionArchive.Format;

/// <summary>
/// The digests of lines: SHA-256, and where the archive is encrypted HMAC-SHA256, since a digest that anybody can
/// compute tells a short content to who guesses it.
/// </summary>
internal sealed class ContentDigest
{
    private readonly byte[]? _key;

    private ContentDigest(byte[]? key) => _key = key;

    public static ContentDigest Plain { get; } = new(null);

    public static ContentDigest Keyed(byte[] key) => new(key);

    public byte[] Of(ReadOnlySpan<byte> content) =>
        _key is null ? SHA256.HashData(content) : HMACSHA256.HashData(_key, content);

    public string TextOf(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(Of(content));

    public IncrementalHash Begin() => _key is null
        ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256)
        : IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
}
