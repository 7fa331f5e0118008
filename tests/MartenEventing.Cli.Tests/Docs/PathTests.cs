using System.Text.RegularExpressions;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Cli.Tests.Docs;

public sealed partial class PathTests
{
    private static readonly IReadOnlyList<MarkdownPage> Pages = MarkdownPage.All();

    [Fact]
    public void every_path_and_file_that_a_page_names_exists()
    {
        var named = (from page in Pages
                     from code in page.Spans.Concat(ShellLines(page))
                     from path in PathIn().Matches(code)
                     select (Page: page, Name: path.Value.TrimEnd('.', ',', ';', ':', '/'))).ToList();

        named.Count.ShouldBeGreaterThan(60);
        named.Where(path => !Exists(path.Name) && !IsMadeBy(path.Page, path.Name))
            .Select(path => $"{path.Page.Path}: {path.Name}").ShouldBeEmpty();
    }

    [Fact]
    public void every_page_that_the_source_names_exists() =>
        (from file in SourceText.Files
         where Path.GetExtension(file) is ".cs" or ".sql"
         from page in PageIn().Matches(SourceText.Read(file)).Select(match => match.Value)
         where !File.Exists(Repository.Below(page))
         select $"{file}: {page}").ShouldBeEmpty();

    [Fact]
    public void every_project_and_namespace_that_a_page_names_exists() =>
        (from page in Pages
         from text in page.Passages.Concat(page.Blocks.SelectMany(block => block.Lines))
         from name in OurName().Matches(text).Select(match => match.Value.TrimEnd('.'))
         where !IsProjectOrNamespace(name)
         select $"{page.Path}: {name}").ShouldBeEmpty();

    [Fact]
    public void the_README_lists_the_projects_and_the_rooms_of_the_engine_that_there_are()
    {
        var rows = Pages.Single(page => page.Path == "README.md").Passages
            .Where(row => row.StartsWith("| [`", StringComparison.Ordinal)).ToList();
        var folders = rows.Select(row => MarkdownPage.SpansOf(row).First().TrimEnd('/')).ToList();
        var projects = SourceText.Below("src/").Where(file => Path.GetExtension(file) == ".csproj")
            .Select(file => file[..file.LastIndexOf('/')]);
        var rooms = SourceText.Below("src/MartenEventing/").Select(file => file.Split('/'))
            .Where(parts => parts.Length > 3).Select(parts => parts[2]).Distinct();
        var engine = rows.Single(row => row.Contains("`src/MartenEventing`", StringComparison.Ordinal));

        folders.Where(folder => folder.StartsWith("src/", StringComparison.Ordinal))
            .ShouldBe(projects, ignoreOrder: true);
        folders.Where(folder => !Directory.Exists(Repository.Below(folder))).ShouldBeEmpty();
        MarkdownPage.SpansOf(engine).Skip(1).ShouldBe(rooms, ignoreOrder: true);
    }

    private static IEnumerable<string> ShellLines(MarkdownPage page) =>
        page.Blocks.Where(block => block.Language is "" or "bash").SelectMany(block => block.Lines);

    /// <summary>Whether a command of the page writes the file.</summary>
    private static bool IsMadeBy(MarkdownPage page, string file) =>
        page.Blocks.Any(block => block.Lines.Any(line => line.EndsWith($"> {file}", StringComparison.Ordinal)));

    private static bool IsProjectOrNamespace(string name) =>
        SourceText.Files.Any(file => Path.GetFileName(file) == name || Path.GetFileNameWithoutExtension(file) == name)
        || SourceText.Namespaces.Contains(name)
        || (name.LastIndexOf('.') is var dot and > 0 && SourceText.Namespaces.Contains(name[..dot])
            && SourceText.Types.Contains(name[(dot + 1)..]));

    private static bool Exists(string path)
    {
        var pattern = Regex.Escape(path).Replace(@"\*", "[^/]*", StringComparison.Ordinal);
        var whole = new Regex(path.Contains('/') ? $"^{pattern}(/.*)?$" : $"((^|/){pattern}$|^{pattern}/)");
        return SourceText.Files.Any(whole.IsMatch);
    }

    // From one of our folders on, or a file by its name alone.
    [GeneratedRegex(
        """
        (?<![\w/.~-])
        ( (src|tests|db|docs|samples|benchmarks|scripts|tools|\.ci)/[\w.*/-]*
        | [\w-]+(\.[\w-]+)*\.(cs|sql|sh|sln|slnf|csproj|props) )
        (?![\w*])
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex PathIn();

    [GeneratedRegex(@"docs/[\w/.-]+\.md")]
    private static partial Regex PageIn();

    [GeneratedRegex(@"\bMartenEventing(\.\w+)+")]
    private static partial Regex OurName();
}
