using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MartenEventing.PartitionArchive.Format;

/// <summary>
/// The manifest as a file: JSON, then in an encrypted archive a MAC of all before, then a SHA-256 of all before. They
/// are found from the end, by their lengths, so that no byte of the file is covered by neither.
/// </summary>
internal static class ManifestText
{
    public const string FileName = "manifest.json";
    private const int DigestLength = 64;
    private const string MacLabel = ",\n  \"mac\": \"";
    private const string MacEnd = "\"";
    private const string SealLabel = ",\n  \"seal\": \"";
    private const string SealEnd = "\"\n}\n";

    private static readonly JsonSerializerOptions Writing = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    private static readonly JsonSerializerOptions Reading = new(Writing)
    {
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private static readonly JsonSerializerOptions ReadingVersion = new(Reading)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };

    public static byte[] Write(ArchiveManifest manifest, ArchiveCipher? cipher)
    {
        var text = JsonSerializer.Serialize(manifest, Writing)[..^2];
        if (cipher is not null)
            text += MacLabel + cipher.Mac(Encoding.UTF8.GetBytes(text)) + MacEnd;
        return Encoding.UTF8.GetBytes(text + SealLabel + Sha256Of(Encoding.UTF8.GetBytes(text)) + SealEnd);
    }

    /// <summary>The seal at the end of a manifest that was written here.</summary>
    public static string SealOf(ReadOnlySpan<byte> written) =>
        Encoding.ASCII.GetString(written[^(DigestLength + SealEnd.Length)..^SealEnd.Length]);

    /// <summary>Reads a manifest, and checks its seal and that it makes sense; not its MAC.</summary>
    /// <exception cref="ArchiveFormatException">The format is unknown.</exception>
    /// <exception cref="ArchiveDamagedException">It is not what was written.</exception>
    public static SealedManifest Read(string archive, ReadOnlyMemory<byte> bytes)
    {
        if (!TryCut(bytes, SealLabel, SealEnd, out var body, out var seal) || seal != Sha256Of(body.Span))
            throw Damaged(archive, bytes.Length, "is not the one that was written");
        var mac = TryCut(body, MacLabel, MacEnd, out var authenticated, out var found) ? found : null;
        var manifest = Parse(archive, mac is null ? body : authenticated, bytes.Length);
        if (ManifestRules.Contradiction(manifest) is { } contradiction)
            throw Damaged(archive, bytes.Length, contradiction);
        if (mac is null != manifest.Encryption is null)
            throw Damaged(
                archive, bytes.Length, mac is null ? "lacks its MAC" : "has a MAC and tells of no encryption");
        if (manifest.Name != archive)
            throw Damaged(archive, bytes.Length,
                $"is that of \"{manifest.Name}\": if its folder was renamed, give it that name again");
        return new SealedManifest(manifest with { Seal = seal }, mac is null ? body : authenticated, mac);
    }

    /// <summary>Checks that whoever wrote the manifest had the key.</summary>
    /// <exception cref="ArchiveDamagedException">Somebody else has changed it.</exception>
    public static void RequireMac(SealedManifest manifest, ArchiveCipher cipher)
    {
        if (!CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(cipher.Mac(manifest.Body.Span)), Encoding.ASCII.GetBytes(manifest.Mac ?? "")))
            throw Damaged(manifest.Manifest.Name, manifest.Body.Length, "was written by somebody without the key");
    }

    public static ArchiveDamagedException Damaged(string archive, long length, string what) =>
        new(archive, new ArchiveProblem
    {
        Kind = ArchiveProblemKind.Manifest, File = FileName, Offset = 0, Length = length,
        Message = $"the manifest {what}",
    });

    private static ArchiveManifest Parse(string archive, ReadOnlyMemory<byte> body, int length)
    {
        byte[] json = [.. body.Span, (byte)'}'];
        try
        {
            var version = JsonSerializer.Deserialize<Versioned>(json, ReadingVersion)!.FormatVersion;
            return version is ArchiveManifest.OldestFormatVersion or ArchiveManifest.CurrentFormatVersion
                ? JsonSerializer.Deserialize<ArchiveManifest>(json, Reading)!
                : throw new ArchiveFormatException(archive, version);
        }
        catch (JsonException error)
        {
            throw Damaged(archive, length, $"is not to be understood: {error.Message}");
        }
    }

    private static bool TryCut(
        ReadOnlyMemory<byte> bytes, string label, string end, out ReadOnlyMemory<byte> body, out string digest)
    {
        var length = label.Length + DigestLength + end.Length;
        (body, digest) = (default, "");
        if (bytes.Length < length)
            return false;
        var tail = bytes.Span[^length..];
        digest = Encoding.Latin1.GetString(tail.Slice(label.Length, DigestLength));
        body = bytes[..^length];
        return tail.StartsWith(Encoding.ASCII.GetBytes(label)) && tail.EndsWith(Encoding.ASCII.GetBytes(end))
            && HexDigits.AreLower(digest, DigestLength);
    }

    private static string Sha256Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private sealed record Versioned(int FormatVersion);
}
