using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MartenEventing.TestSupport.PartitionArchive;

namespace MartenEventing.Tests.PartitionArchive.Mutated;

/// <summary>
/// Changes a line of an archive that is neither encrypted nor compressed, and makes all digests of it fit.
/// </summary>
internal static class MutatedLine
{
    public static void Apply(SortedDictionary<string, byte[]> files, string key, int file, int place, string value)
    {
        if (!files.TryGetValue(key, out var bytes) || JsonTree.Parse(Encoding.UTF8.GetString(bytes)) is not { } manifest
            || manifest["compression"]?.ToJsonString() != "\"none\"" || manifest["encryption"] is not null)
            return;
        try
        {
            Change(files, key[..key.IndexOf('/', StringComparison.Ordinal)], manifest, file, place, value);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException
            or KeyNotFoundException or NullReferenceException or FormatException or DivideByZeroException
            or IndexOutOfRangeException or OverflowException)
        {
            // Damaged before: then it stays as it is.
        }
    }

    private static void Change(
        SortedDictionary<string, byte[]> files, string archive, JsonObject manifest, int file, int place, string value)
    {
        var all = manifest["tables"]!.AsArray().SelectMany(table => table!["files"]!.AsArray()).ToList();
        var chosen = all[file % all.Count]!;
        var key = $"{archive}/{chosen["name"]!.GetValue<string>()}";
        var chunk = chosen["chunks"]![0]!;
        var length = chunk["bytes"]!.GetValue<int>();
        var content = Encoding.UTF8.GetString(files[key].AsSpan(0, length));
        var lines = content.Split('\n')[..^1];
        var line = JsonNode.Parse(lines[place % lines.Length])!.AsObject();
        var (parent, at) = JsonTree.Places(line).ElementAt(place % JsonTree.Places(line).Count());
        lines[place % lines.Length] = (place % 3) switch
        {
            0 => JsonTree.Without(line, parent, at),
            1 => JsonTree.WithTwice(line, parent, at, value),
            _ => JsonTree.With(line, parent, at, value),
        };
        var changed = Encoding.UTF8.GetBytes(string.Concat(lines.Select(text => text + "\n")));
        files[key] = [.. changed, .. files[key].AsSpan(length)];
        (chunk["bytes"], chunk["contentBytes"], chosen["bytes"]) = (changed.Length, changed.Length, files[key].Length);
        (chunk["sha256"], chunk["contentSha256"]) = (Sha256(changed), Sha256(changed));
        chosen["sha256"] = Sha256(files[key]);
        manifest.Remove("seal");
        files[$"{archive}/manifest.json"] = Forged.Sealed(manifest.ToJsonString()[..^1]);
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
