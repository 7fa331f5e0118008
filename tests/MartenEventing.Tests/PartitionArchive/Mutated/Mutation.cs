using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MartenEventing.TestSupport.PartitionArchive;

namespace MartenEventing.Tests.PartitionArchive.Mutated;

/// <summary>One change of the files of two archives; its numbers choose among what there is.</summary>
internal sealed record Mutation(MutationKind Kind, int File, int Place, int Value)
{
    private static readonly string[] Values =
    [
        "-1", "0", "1", "2147483647", "-2147483648", "9223372036854775807", "-9223372036854775808",
        "99999999999999999999",
        "1e400", "0.5", "null", "\"\"", "[]", "{}", "[null]", "true", "\"x\"", "\"../first/manifest.json\"",
        "\"\\u0000\"",
        $"\"{JsonTree.Half}\"",
    ];

    /// <summary>Whether it was done by somebody who made the seal fit.</summary>
    public bool IsSealed => Kind.ToString().EndsWith("Sealed", StringComparison.Ordinal);

    public void Apply(SortedDictionary<string, byte[]> files)
    {
        if (files.Count == 0)
            return;
        var keys = files.Keys.ToList();
        var key = keys[File % keys.Count];
        var other = keys[Value % keys.Count];
        var manifest = ManifestOf(key);
        switch (Kind)
        {
            case MutationKind.FlipBit when files[key].Length > 0:
                files[key] = [.. files[key]];
                files[key][Place % files[key].Length] ^= (byte)(1 << (Value % 8));
                break;
            case MutationKind.Truncate:
                files[key] = files[key][..(Place % (files[key].Length + 1))];
                break;
            case MutationKind.Append:
                files[key] = [.. files[key], .. RandomNumberGenerator.GetBytes(1 + (Value % 40))];
                break;
            case MutationKind.Delete:
                files.Remove(key);
                break;
            case MutationKind.ExchangeFiles:
                (files[key], files[other]) = (files[other], files[key]);
                break;
            case MutationKind.ExchangeWithOther:
                Exchange(files, key, Counterpart(key, keys));
                break;
            case MutationKind.ExchangeArchives:
                foreach (var of in keys)
                    Exchange(files, of, Renamed(of));
                break;
            case MutationKind.ChangeLineSealed:
                MutatedLine.Apply(files, manifest, File, Place, Values[Value % Values.Length]);
                break;
            default:
                if (files.ContainsKey(manifest))
                    ChangeManifest(files, manifest);
                break;
        }
    }

    private static string ManifestOf(string key) =>
        key[..key.IndexOf('/', StringComparison.Ordinal)] + "/manifest.json";

    private static string Renamed(string key) => key.StartsWith("first/", StringComparison.Ordinal)
        ? "second/" + key["first/".Length..]
        : "first/" + key["second/".Length..];

    /// <summary>The file of the same kind in the other archive.</summary>
    private static string Counterpart(string key, List<string> keys) => keys.FirstOrDefault(
        other => other.StartsWith(Renamed(key).Split('-')[0], StringComparison.Ordinal), key);

    private static void Exchange(SortedDictionary<string, byte[]> files, string one, string other)
    {
        if (!files.Remove(one, out var content))
            return;
        if (files.Remove(other, out var back))
            files[one] = back;
        files[other] = content;
    }

    private void ChangeManifest(SortedDictionary<string, byte[]> files, string key)
    {
        var text = Encoding.UTF8.GetString(files[key]);
        if (Kind == MutationKind.AppendBehindSealSealed)
        {
            files[key] = Forged.Sealed($"{text.TrimEnd('\n', '}')},\n  \"{Names[Place % Names.Length]}\": "
                + Values[Value % Values.Length]);
            return;
        }

        if (JsonTree.Parse(text) is not { } tree)
            return;
        var (mac, seal) = (tree["mac"]?.ToJsonString(), tree["seal"]?.ToJsonString());
        tree.Remove("mac");
        tree.Remove("seal");
        var places = JsonTree.Places(tree).ToList();
        if (places.Count == 0)
            return;
        var (parent, at) = places[Place % places.Count];
        var value = Values[Value % Values.Length];
        var changed = Kind switch
        {
            MutationKind.RemoveMemberSealed => JsonTree.Without(tree, parent, at),
            MutationKind.DoubleMemberSealed => JsonTree.WithTwice(tree, parent, at, value),
            MutationKind.ReorderSealed => JsonTree.Reordered(tree, parent, Value),
            _ => JsonTree.With(tree, parent, at, value),
        };
        var body = changed[..^1] + (mac is null ? "" : $",\n  \"mac\": {mac}");
        files[key] = IsSealed ? Forged.Sealed(body) : Encoding.UTF8.GetBytes($"{body},\n  \"seal\": {seal}\n}}\n");
    }

    private static readonly string[] Names = ["tables", "events", "streams", "mac", "seal", "encryption", "name", "x"];
}
