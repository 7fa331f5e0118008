using System.Text.Json;

namespace MartenEventing.Retention;

/// <summary>
/// Reads options from the section <c>Retention</c> of a JSON file, or from a file that is such a section. Names are
/// those of <see cref="RetentionOptions"/>, in any case; what is not one of them is refused.
/// </summary>
public static class RetentionConfiguration
{
    private const string Section = "Retention";
    private static readonly JsonDocumentOptions Format =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads options and checks them.</summary>
    /// <exception cref="RetentionConfigurationException">The text is no JSON, or says what is not to be
    /// understood.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static RetentionOptions Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Format);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object
                && root.EnumerateObject().FirstOrDefault(
                    p => IsNamed(p, Section)) is { Value.ValueKind: not JsonValueKind.Undefined } section)
                root = section.Value;
            return Read(root, new RetentionOptions(), Section).Validated();
        }
        catch (JsonException error)
        {
            throw new RetentionConfigurationException($"line {error.LineNumber + 1}", "is no JSON");
        }
    }

    /// <summary>
    /// What a section says, the rest as it is in the defaults. Tenants come last: they begin with the rest.
    /// </summary>
    private static RetentionOptions Read(JsonElement section, RetentionOptions options, string at)
    {
        foreach (var (name, value, path) in Properties(section, at).OrderBy(property => property.Name == "tenants"))
            options = name switch
            {
                "olderthan" => options with { OlderThan = Age(value, path) },
                "keeplast" => options with { KeepLast = Integer(value, path) },
                "maxsize" => options with { MaxSize = Size(value, path) },
                "minimumage" => options with { MinimumAge = Age(value, path) ?? options.MinimumAge },
                "rules" => options with { Rules = [.. Items(value, path).Select(item => Rule(item.Value, item.Path))] },
                "cut" => options with { Cut = Boolean(value, path) },
                "covered" => options with { Covered = Coverage(value, path) },
                "archivedirectory" => options with { ArchiveDirectory = Text(value, path) },
                "tenants" when at == Section => options with { Tenants = Tenants(value, options, path) },
                _ => throw new RetentionConfigurationException(path, "is not an option"),
            };
        return options;
    }

    private static Dictionary<string, RetentionOptions> Tenants(
        JsonElement value, RetentionOptions defaults, string path) =>
        value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject().ToDictionary(
                own => own.Name, own => Read(own.Value, defaults, $"{path}.{own.Name}"), StringComparer.Ordinal)
            : throw new RetentionConfigurationException(path, "must be an object");

    private static RetentionRule Rule(JsonElement value, string path)
    {
        var rule = new RetentionRule();
        foreach (var (name, item, at) in Properties(value, path))
            rule = name switch
            {
                "eventtype" => rule with { EventType = Text(item, at) },
                "streamtype" => rule with { StreamType = Text(item, at) },
                "tenant" => rule with { Tenant = Text(item, at) },
                "header" => rule with { Header = Text(item, at) },
                "age" => rule with { Age = Age(item, at) },
                _ => throw new RetentionConfigurationException(at, "is not part of a rule"),
            };
        return rule.IsValid
            ? rule
            : throw new RetentionConfigurationException(
                path, "needs exactly one of eventType, streamType, tenant, header");
    }

    private static RetentionCoverage Coverage(JsonElement value, string path)
    {
        var covered = new RetentionCoverage();
        foreach (var (name, item, at) in Properties(value, path))
            covered = name switch
            {
                "compacted" => covered with { Compacted = Boolean(item, at) },
                "snapshots" => covered with { Snapshots = [.. Items(item, at).Select(i => Snapshot(i.Value, i.Path))] },
                _ => throw new RetentionConfigurationException(at, "is not part of what covers"),
            };
        return covered;
    }

    private static SnapshotTable Snapshot(JsonElement value, string path)
    {
        var snapshot = new SnapshotTable("");
        foreach (var (name, item, at) in Properties(value, path))
            snapshot = name switch
            {
                "table" => snapshot with { Table = Text(item, at) },
                "streamcolumn" => snapshot with { StreamColumn = Text(item, at) },
                "versioncolumn" => snapshot with { VersionColumn = Text(item, at) },
                _ => throw new RetentionConfigurationException(at, "is not part of a table of snapshots"),
            };
        return snapshot;
    }

    private static IEnumerable<(string Name, JsonElement Value, string Path)> Properties(
        JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject().Where(p => p.Value.ValueKind != JsonValueKind.Null)
                .Select(p => (p.Name.ToLowerInvariant(), p.Value, $"{path}.{p.Name}"))
            : throw new RetentionConfigurationException(path, "must be an object");

    private static IEnumerable<(JsonElement Value, string Path)> Items(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Select((item, i) => (item, $"{path}[{i}]"))
            : throw new RetentionConfigurationException(path, "must be an array");

    private static RetentionAge? Age(JsonElement value, string path) => Text(value, path) switch
    {
        "forever" => null,
        var text when RetentionAge.TryParse(text, out var age) => age,
        var text => throw new RetentionConfigurationException(
            path, $"is \"{text}\", which is no age. Allowed: 90d, 12w, 24mo, 5y, forever"),
    };

    private static long Size(JsonElement value, string path) => value.ValueKind == JsonValueKind.Number
        ? value.TryGetInt64(out var bytes) ? bytes
            : throw new RetentionConfigurationException(path, "must be a number of bytes")
        : ByteSize.TryParse(Text(value, path), out var size)
            ? size
            : throw new RetentionConfigurationException(
                path, $"is \"{value}\", which is no size. Allowed: 500MB, 50GB, 2TB");

    private static int Integer(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw new RetentionConfigurationException(path, "must be a whole number");

    private static bool Boolean(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new RetentionConfigurationException(path, "must be true or false"),
    };

    private static string Text(JsonElement value, string path) => value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw new RetentionConfigurationException(path, "must be a text");

    private static bool IsNamed(JsonProperty property, string name) =>
        property.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
