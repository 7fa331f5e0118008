using System.Text.RegularExpressions;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Cli.Tests.Docs;

/// <summary>What the source of this repository says.</summary>
internal static partial class SourceText
{
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", ".git", ".vs", ".idea", "TestResults"];

    /// <summary>All files, pages of Markdown among them, by their paths relative to the repository.</summary>
    public static readonly IReadOnlyList<string> Files = [.. Find(Repository.Root).Select(Repository.Relative)];

    /// <summary>Every word of C#, SQL, scripts and projects.</summary>
    public static readonly HashSet<string> Words =
        [.. Files.Where(IsCode).SelectMany(file => Word().Matches(Read(file)).Select(word => word.Value))];

    /// <summary>The methods of test classes.</summary>
    public static readonly HashSet<string> TestMethods = [.. Names(Below("tests/"), Method())];

    public static readonly HashSet<string> Namespaces = [.. Names(Files, Namespace())];

    /// <summary>Types with the words that stand in their files: their members, and what else is said there.</summary>
    public static readonly ILookup<string, HashSet<string>> Types =
        (from file in Files
         where IsCSharp(file)
         let text = Read(file)
         from type in Declaration().Matches(text)
         select (Name: type.Groups["name"].Value, Text: text))
        .ToLookup(type => type.Name, type => Word().Matches(type.Text).Select(word => word.Value).ToHashSet());

    public static string Read(string file) => File.ReadAllText(Repository.Below(file));

    /// <summary>The files below a folder, which is given with its last slash.</summary>
    public static IEnumerable<string> Below(string folder) =>
        Files.Where(file => file.StartsWith(folder, StringComparison.Ordinal));

    private static IEnumerable<string> Names(IEnumerable<string> files, Regex shape) =>
        files.Where(IsCSharp).SelectMany(file => shape.Matches(Read(file)).Select(match => match.Groups["name"].Value));

    private static bool IsCSharp(string file) => Path.GetExtension(file) == ".cs";

    private static bool IsCode(string file) =>
        Path.GetExtension(file) is ".cs" or ".sql" or ".sh" or ".csproj" or ".props" or ".json" or ".txt";

    private static IEnumerable<string> Find(string folder) =>
    [
        .. Directory.EnumerateFiles(folder),
        .. Directory.EnumerateDirectories(folder)
            .Where(child => !NotOurs.Contains(Path.GetFileName(child))).SelectMany(Find),
    ];

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"public (?:async )?(?:override )?(?:void|Task) (?<name>\w+)\(")]
    private static partial Regex Method();

    [GeneratedRegex(@"\b(?:class|record struct|record|struct|enum|interface) (?<name>[A-Z]\w*)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
