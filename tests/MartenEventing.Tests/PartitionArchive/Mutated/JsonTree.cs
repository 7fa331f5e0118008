using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MartenEventing.Tests.PartitionArchive.Mutated;

/// <summary>Changes of JSON that keep to its grammar, doubled members among them.</summary>
internal static class JsonTree
{
    /// <summary>Stands for half a character, which a tree cannot be written with.</summary>
    public const string Half = "half-0f1e2d";

    private const string Surrogate = "\\ud800";

    public static JsonObject? Parse(string text)
    {
        try
        {
            return text.Contains(Surrogate, StringComparison.Ordinal) ? null
                : JsonNode.Parse(
                    text, null, new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            return null; // damaged before
        }
    }

    /// <summary>Every member and element, with what it is in.</summary>
    public static IEnumerable<(JsonNode Parent, object At)> Places(JsonNode? node) => node switch
    {
        JsonObject members => members.ToList().SelectMany(member =>
            Places(member.Value).Prepend((members, (object)member.Key))),
        JsonArray elements => Enumerable.Range(0, elements.Count).SelectMany(i =>
            Places(elements[i]).Prepend((elements, (object)i))),
        _ => [],
    };

    public static string With(JsonObject tree, JsonNode parent, object at, string value)
    {
        Set(parent, at, Raw(value));
        return Text(tree);
    }

    public static string Without(JsonObject tree, JsonNode parent, object at)
    {
        if (parent is JsonObject members)
            members.Remove((string)at);
        else
            ((JsonArray)parent).RemoveAt((int)at);
        return Text(tree);
    }

    /// <summary>A member twice, with its own value or another; an element of an array likewise.</summary>
    public static string WithTwice(JsonObject tree, JsonNode parent, object at, string value)
    {
        const string mark = "twice-0f1e2d";
        if (parent is JsonArray elements)
        {
            elements.Insert((int)at, elements[(int)at]?.DeepClone());
            return Text(tree);
        }

        ((JsonObject)parent).Add(mark, Raw(value));
        return new StringBuilder(Text(tree)).Replace($"\"{mark}\":", $"{JsonSerializer.Serialize((string)at)}:")
            .ToString();
    }

    public static string Reordered(JsonObject tree, JsonNode parent, int order)
    {
        var random = new Random(order);
        if (parent is JsonObject members)
        {
            var all = members.ToArray();
            random.Shuffle(all);
            members.Clear();
            foreach (var (name, value) in all)
                members.Add(name, value);
        }
        else
        {
            var all = ((JsonArray)parent).ToArray();
            random.Shuffle(all);
            ((JsonArray)parent).Clear();
            foreach (var element in all)
                ((JsonArray)parent).Add(element);
        }

        return Text(tree);
    }

    private static string Text(JsonObject tree) =>
        tree.ToJsonString().Replace(Half, Surrogate, StringComparison.Ordinal);

    /// <summary>A value as it is written, whatever number it is.</summary>
    private static JsonNode? Raw(string value) => JsonNode.Parse(value);

    private static void Set(JsonNode parent, object at, JsonNode? value)
    {
        if (parent is JsonObject members)
            members[(string)at] = value;
        else
            ((JsonArray)parent)[(int)at] = value;
    }
}
