using System.Text.RegularExpressions;

namespace MartenEventing.Tests.House;

/// <summary>The rooms of the engine: folders of src/MartenEventing, each a namespace.</summary>
internal sealed partial class Rooms
{
    /// <summary>Which rooms a room may use.</summary>
    public static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Diagnostics"] = [],
        ["Politeness"] = ["Diagnostics"],
        ["Schema"] = ["Diagnostics", "Politeness"],
        ["Security"] = ["Diagnostics", "Politeness", "Schema"],
        ["Partitioning"] = ["Diagnostics", "Politeness", "Schema"],
        ["Conversion"] = ["Diagnostics", "Politeness", "Schema", "Partitioning"],
        ["Events"] = ["Diagnostics", "Politeness", "Schema", "Partitioning"],
        ["Check"] = ["Diagnostics", "Politeness", "Schema", "Partitioning"],
        ["PartitionArchive"] = ["Diagnostics", "Politeness", "Schema", "Partitioning"],
        ["Retention"] = ["Diagnostics", "Politeness", "Schema", "Partitioning", "Events", "PartitionArchive"],
        ["Maintenance"] =
            ["Diagnostics", "Politeness", "Schema", "Partitioning", "Events", "PartitionArchive", "Retention"],
        ["Health"] =
            ["Diagnostics", "Politeness", "Schema", "Partitioning", "Events", "PartitionArchive", "Retention",
                "Maintenance"],
    };

    private readonly Dictionary<string, string[]> _files;

    public Rooms(string folder)
    {
        var rooms = Directory.GetDirectories(folder).Where(room => Path.GetFileName(room) is not ("bin" or "obj"));
        _files = rooms.ToDictionary(
            room => Path.GetFileName(room), room => Directory.GetFiles(room, "*.cs", SearchOption.AllDirectories));
    }

    public IEnumerable<string> Names => _files.Keys;

    /// <summary>Each use of a room that is not allowed, as a sentence.</summary>
    public IEnumerable<string> Trespasses() =>
        from room in _files
        from file in room.Value
        from used in UsedBy(File.ReadAllText(file)).Distinct()
        where used != room.Key && !MayUse[room.Key].Contains(used)
        select $"{room.Key}/{Path.GetFileName(file)} uses {used}";

    /// <summary>Rooms named by using lines, by full names, and by names relative to the common namespace.</summary>
    internal IEnumerable<string> UsedBy(string source)
    {
        var code = NoCode().Replace(source, "");
        var full = FullName().Matches(code).Select(match => match.Groups[1].Value).Where(_files.ContainsKey);
        var relative = RelativeName().Matches(code)
            .Where(match => _files.TryGetValue(match.Groups[1].Value, out var files)
                && files.Any(file => Path.GetFileNameWithoutExtension(file) == match.Groups[2].Value))
            .Select(match => match.Groups[1].Value);
        return full.Concat(relative);
    }

    [GeneratedRegex(
        """//.*|/\*[\s\S]*?\*/|\"{3,}[\s\S]*?\"{3,}|"(\\.|[^"\\\n])*"|^namespace .*""", RegexOptions.Multiline)]
    private static partial Regex NoCode();

    [GeneratedRegex(@"\bMartenEventing\.(\w+)")]
    private static partial Regex FullName();

    [GeneratedRegex(@"(?<![\w.])(\w+)\.(\w+)")]
    private static partial Regex RelativeName();
}
