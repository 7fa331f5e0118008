using System.Text.RegularExpressions;

namespace MartenEventing.TestSupport.House;

/// <summary>A page of Markdown of this repository, taken apart into what tests look at.</summary>
public sealed partial class MarkdownPage
{
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", ".git", ".vs", ".idea", "TestResults"];

    private readonly List<CodeBlock> _blocks = [];
    private readonly List<string> _passages = [];

    /// <summary>Reads a page.</summary>
    /// <param name="path">Relative to the repository, with slashes.</param>
    /// <param name="text">What the page says.</param>
    public MarkdownPage(string path, string text)
    {
        Path = path;
        Take(text.ReplaceLineEndings("\n").Split('\n'));
    }

    /// <summary>Relative to the repository, with slashes.</summary>
    public string Path { get; }

    /// <summary>Fenced and indented blocks, in their order.</summary>
    public IReadOnlyList<CodeBlock> Blocks => _blocks;

    /// <summary>Headings, paragraphs, items of lists and rows of tables, each in one line.</summary>
    public IReadOnlyList<string> Passages => _passages;

    /// <summary>What stands in backticks, passage by passage.</summary>
    public IEnumerable<string> Spans => _passages.SelectMany(SpansOf);

    /// <summary>Where links lead, but for those that leave the repository.</summary>
    public IEnumerable<string> Links => _passages.Select(passage => Span().Replace(passage, "code"))
        .SelectMany(passage => Link().Matches(passage).Select(link => link.Groups["to"].Value))
        .Where(link => !link.Contains("://", StringComparison.Ordinal));

    /// <summary>What a link may name behind a #: headings as GitHub makes anchors of them.</summary>
    public IReadOnlyCollection<string> Anchors =>
    [
        .. _passages.Where(passage => passage.StartsWith('#')).Select(heading => Anchor(heading.TrimStart('#').Trim())),
    ];

    /// <summary>All pages there are, found by search.</summary>
    public static IReadOnlyList<MarkdownPage> All() =>
    [
        .. Find(Repository.Root).Order(StringComparer.Ordinal)
            .Select(file => new MarkdownPage(Repository.Relative(file), File.ReadAllText(file))),
    ];

    /// <summary>What stands in backticks in a passage.</summary>
    public static IEnumerable<string> SpansOf(string passage) =>
        Span().Matches(passage).Select(span => span.Groups["code"].Value.Replace("\\|", "|", StringComparison.Ordinal));

    private static IEnumerable<string> Find(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*.md"),
        .. Directory.EnumerateDirectories(folder)
            .Where(child => !NotOurs.Contains(System.IO.Path.GetFileName(child))).SelectMany(Find),
    ];

    private static string Anchor(string heading) =>
        NotInAnchors().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    private void Take(string[] lines)
    {
        for (var i = 0; i < lines.Length;)
        {
            if (Fence().Match(lines[i]) is { Success: true } fence)
            {
                var end = Array.FindIndex(lines, i + 1, line => line.Trim() == "```");
                if (end < 0)
                    throw new FormatException($"{Path}: the block of line {i + 1} has no end.");
                Add(fence.Groups["language"].Value, lines[(i + 1)..end]);
                i = end + 1;
            }
            else if (IsIndented(lines[i]) && (i == 0 || lines[i - 1].Length == 0))
            {
                var end = i + 1;
                while (end < lines.Length
                    && (IsIndented(lines[end]) || (lines[end].Length == 0 && IsIndented(After(lines, end)))))
                    end++;
                Add("", lines[i..end]);
                i = end;
            }
            else
            {
                i = TakePassage(lines, i);
            }
        }
    }

    private int TakePassage(string[] lines, int begin)
    {
        var end = begin + 1;
        if (lines[begin].Length == 0)
            return end;
        if (lines[begin][0] is not ('#' or '|'))
            while (end < lines.Length && Goes(lines[end]))
                end++;
        _passages.Add(string.Join(' ', lines[begin..end].Select(line => line.Trim())));
        return end;
    }

    private void Add(string language, string[] lines)
    {
        var common = lines.Where(line => line.Length > 0).Select(line => line.Length - line.TrimStart().Length)
            .DefaultIfEmpty().Min();
        _blocks.Add(new CodeBlock(
            language, [.. lines.Select(line => line.Length < common ? "" : line[common..].TrimEnd())]));
    }

    private static bool Goes(string line) =>
        line.Length > 0 && !Beginning().IsMatch(line) && !Fence().IsMatch(line);

    private static string After(string[] lines, int i) => i + 1 < lines.Length ? lines[i + 1] : "";

    private static bool IsIndented(string line) => line.StartsWith("    ", StringComparison.Ordinal);

    [GeneratedRegex(@"^\s*```(?<language>\w*)\s*$")]
    private static partial Regex Fence();

    [GeneratedRegex(@"^(#+ |\s*[*-] |\s*\d+\. |\|)")]
    private static partial Regex Beginning();

    [GeneratedRegex("(?<!`)`(?<code>[^`]+)`(?!`)")]
    private static partial Regex Span();

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
