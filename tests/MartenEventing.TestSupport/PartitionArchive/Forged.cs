using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MartenEventing.PartitionArchive;

namespace MartenEventing.TestSupport.PartitionArchive;

/// <summary>Manifests as somebody makes them who can write the files and has no key.</summary>
public static class Forged
{
    private const string SealLabel = ",\n  \"seal\": \"";
    private const string MacLabel = ",\n  \"mac\": \"";

    public static string KeyOf(string archive) => $"{archive}/manifest.json";

    /// <summary>A manifest that ends with a fitting seal, of a text that lacks its last brace.</summary>
    public static byte[] Sealed(string body) => Encoding.UTF8.GetBytes(
        $"{body}{SealLabel}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}\"\n}}\n");

    /// <summary>
    /// The text of a manifest as far as somebody without a key has to keep to it: without MAC, seal and brace.
    /// </summary>
    public static async Task<string> BodyAsync(IArchiveStorage storage, string archive)
    {
        var text = Encoding.UTF8.GetString(await storage.ReadAsync(KeyOf(archive)));
        var mac = text.LastIndexOf(MacLabel, StringComparison.Ordinal);
        return text[..(mac < 0 ? text.LastIndexOf(SealLabel, StringComparison.Ordinal) : mac)];
    }

    /// <summary>Replaces a manifest by one with another content, and a fitting seal.</summary>
    public static async Task RewriteAsync(IArchiveStorage storage, string archive, Action<JsonObject> change)
    {
        var manifest = JsonNode.Parse(await BodyAsync(storage, archive) + "}")!.AsObject();
        change(manifest);
        await storage.ReplaceAsync(KeyOf(archive), Sealed(manifest.ToJsonString()[..^1]));
    }

    public static JsonObject Table(JsonObject manifest, string role) => manifest["tables"]!.AsArray()
        .Select(table => table!.AsObject()).First(table => table["role"]!.GetValue<string>() == role);

    /// <summary>Takes all rows out of a table, so that it fits by itself.</summary>
    public static void Empty(JsonObject table)
    {
        (table["rows"], table["files"]) = (0, new JsonArray());
        table["root"] = Convert.ToHexStringLower(SHA256.HashData([]));
    }
}
