using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MartenEventing.PartitionArchive.Format;

/// <summary>
/// The manifest as a file: JSON whose last two lines are sealed: a MAC, where there is a key, and a SHA-256 of all
/// before.
/// </summary>
internal static class ManifestText
{
    public const string FileName = "manifest.json";
    private const string MacLabel = ",\n  \"mac\": \"";
    private const string SealLabel = ",\n  \"seal\": \"";
    private const string End = "\"\n}\n";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static byte[] Write(ArchiveManifest manifest, ArchiveCipher? cipher)
    {
        var text = JsonSerializer.Serialize(manifest, Format)[..^2];
        if (cipher is not null)
            text += MacLabel + cipher.Mac(Encoding.UTF8.GetBytes(text)) + "\"";
        return Encoding.UTF8.GetBytes(text + SealLabel + SealOf(Encoding.UTF8.GetBytes(text)) + End);
    }

    /// <summary>Reads a manifest and checks its seal.</summary>
    /// <exception cref="ArchiveFormatException">The format is unknown.</exception>
    /// <exception cref="ArchiveDamagedException">It is not what was written.</exception>
    public static ArchiveManifest Read(string archive, ReadOnlyMemory<byte> bytes)
    {
        var label = Encoding.UTF8.GetBytes(SealLabel);
        var at = bytes.Span.LastIndexOf(label);
        if (at < 0 || !bytes.Span[at..].SequenceEqual(
            Encoding.UTF8.GetBytes(SealLabel + SealOf(bytes.Span[..at]) + End)))
            throw Damaged(archive, bytes.Length);
        try
        {
            var version = JsonSerializer.Deserialize<Versioned>(bytes.Span, Format)!.FormatVersion;
            if (version != ArchiveManifest.CurrentFormatVersion)
                throw new ArchiveFormatException(archive, version);
            return JsonSerializer.Deserialize<ArchiveManifest>(bytes.Span, Format)!;
        }
        catch (JsonException)
        {
            throw Damaged(archive, bytes.Length);
        }
    }

    /// <summary>Checks that whoever wrote the manifest had the key.</summary>
    /// <exception cref="ArchiveDamagedException">Somebody else has changed it.</exception>
    public static void RequireMac(string archive, ReadOnlySpan<byte> bytes, ArchiveCipher cipher)
    {
        var at = bytes.LastIndexOf(Encoding.UTF8.GetBytes(MacLabel));
        var expected = MacLabel + cipher.Mac(bytes[..Math.Max(at, 0)]) + "\"" + SealLabel;
        if (at < 0 || !bytes[at..].StartsWith(Encoding.UTF8.GetBytes(expected)))
            throw Damaged(archive, bytes.Length);
    }

    private static ArchiveDamagedException Damaged(string archive, int length) => new(archive, new ArchiveProblem
    {
        Kind = ArchiveProblemKind.Manifest, File = FileName, Offset = 0, Length = length,
        Message = "the manifest is not the one that was written",
    });

    private static string SealOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private sealed record Versioned(int FormatVersion);
}
