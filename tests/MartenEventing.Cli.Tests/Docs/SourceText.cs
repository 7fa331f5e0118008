using System.Text.RegularExpressions;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Cli.Tests.Docs;

/// <summary>What the source of this repository says.</summary>
internal static partial class SourceText
{
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", ".git", ".vs", ".idea", "TestResults"];

    /// <summary>All files by their paths relative to the repository, with slashes; pages of Markdown among them.</summary>
    public static readonly IReadOnlyList<string> Files =
        [.. Below(Repository.Root).Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))];

    /// <summary>Every word of C#, SQL, scripts and projects.</summary>
    public static readonly HashSet<string> Words =
        [.. Files.Where(IsCode).SelectMany(file => Word().Matches(Read(file)).Select(word => word.Value))];

    /// <summary>Every word of SQL.</summary>
    public static readonly HashSet<string> SqlWords =
        [.. Files.Where(file => file.EndsWith(".sql", StringComparison.Ordinal)).SelectMany(file => Word().Matches(Read(file)).Select(word => word.Value))];

    /// <summary>The methods of test classes.</summary>
    public static readonly HashSet<string> TestMethods =
    [
        .. Files.Where(IsTest).SelectMany(file => Method().Matches(Read(file)).Select(method => method.Groups["name"].Value)),
    ];

    /// <summary>Types with the names that stand in their files: members, and what else is said there.</summary>
    public static readonly ILookup<string, HashSet<string>> Types =
        Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
            .Select(Read)
            .SelectMany(text => Declaration().Matches(text).Select(type => (Name: type.Groups["name"].Value, Text: text)))
            .ToLookup(type => type.Name, type => (HashSet<string>)[.. Word().Matches(type.Text).Select(word => word.Value)]);

    public static readonly HashSet<string> Namespaces =
    [
        .. Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
            .SelectMany(file => Namespace().Matches(Read(file)).Select(name => name.Groups["name"].Value)),
    ];

    public static string Read(string file) => File.ReadAllText(Repository.Below(file));

    private static bool IsTest(string file) =>
        file.StartsWith("tests/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal);

    private static bool IsCode(string file) =>
        Path.GetExtension(file) is ".cs" or ".sql" or ".sh" or ".csproj" or ".props" or ".json" or ".txt" or "";

    private static IEnumerable<string> Below(string folder) =>
    [
        .. Directory.EnumerateFiles(folder),
        .. Directory.EnumerateDirectories(folder)
            .Where(child => !NotOurs.Contains(Path.GetFileName(child))).SelectMany(Below),
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
