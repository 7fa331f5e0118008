using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MartenEventing.PartitionArchive.Storage;

namespace MartenEventing.PartitionArchive;

/// <summary>
/// The secret from which the keys of encrypted partition archives are derived, one set for each archive.
/// </summary>
public sealed class ArchiveKey
{
    /// <summary>The environment variable that the command line takes the key from.</summary>
    public const string Variable = "MARTEN_EVENTING_ARCHIVE_KEY";

    private const int Length = 32;
    private const int LongestFile = 4096;
    private readonly byte[] _secret;

    private ArchiveKey(byte[] secret) => _secret = secret;

    /// <summary>
    /// Reads a key: 32 bytes, as 64 hexadecimal digits or in base64; white space around it is ignored.
    /// </summary>
    /// <exception cref="ArgumentException">The text is no key. The message does not repeat it.</exception>
    public static ArchiveKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var given = text.Trim();
        if (given.Length == 2 * Length && given.All(char.IsAsciiHexDigit))
            return new ArchiveKey(Convert.FromHexString(given));
        if (Base64.IsValid(given, out var bytes) && bytes == Length)
            return new ArchiveKey(Convert.FromBase64String(given));
        throw new ArgumentException(
            $"The key of partition archives has {given.Length} characters that are not 32 bytes in hexadecimal (64 "
            + "digits) or base64 (44 characters). Make one by: openssl rand -hex 32.",
            nameof(text));
    }

    /// <summary>Reads a key from a file that holds nothing else.</summary>
    /// <exception cref="ArgumentException">The content is no key.</exception>
    /// <exception cref="ArchiveKeyFileException">Others than its owner have rights to it; not looked at on
    /// Windows.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<ArchiveKey> ReadAsync(string file, CancellationToken cancellationToken = default)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (OwnersOnly.Trespass(stream) is { } mode)
            throw new ArchiveKeyFileException(file, mode);
        var content = new byte[LongestFile];
        var length = await stream.ReadAtLeastAsync(content, LongestFile, throwOnEndOfStream: false, cancellationToken);
        return Parse(Encoding.UTF8.GetString(content, 0, length));
    }

    /// <summary>A new key.</summary>
    public static ArchiveKey Create() => new(RandomNumberGenerator.GetBytes(Length));

    internal byte[] Derive(ReadOnlySpan<byte> salt, string purpose, int length)
    {
        var derived = new byte[length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, derived, salt, Encoding.UTF8.GetBytes(purpose));
        return derived;
    }
}
