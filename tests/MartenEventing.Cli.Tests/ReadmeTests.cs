using System.Text.RegularExpressions;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Cli.Tests;

public sealed partial class ReadmeTests
{
    private const string Tool = "marten-eventing ";
    private const string ToolFromSource = "dotnet run --project src/MartenEventing.Cli -c Release -- ";

    [Fact]
    public void the_readme_has_the_two_commands_of_a_newcomer()
    {
        var lines = Lines("README.md").Select(line => line.Trim()).ToList();

        lines.ShouldContain(ToolFromSource + "demo");
        lines.ShouldContain("dotnet test MartenEventing.sln -c Release");
        File.Exists(Repository.Below("src", "MartenEventing.Cli", "MartenEventing.Cli.csproj")).ShouldBeTrue();
        File.Exists(Repository.Below("MartenEventing.sln")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/getting-started.md")]
    [InlineData("docs/psql.md")]
    public void every_command_on_a_page_of_its_own_line_exists(string page)
    {
        var environment = new CliEnvironment { Out = TextWriter.Null, Error = TextWriter.Null };
        foreach (var line in Lines(page).Select(Command).OfType<string>())
        {
            var errors = CommandTree.Build(environment).Parse(line).Errors.Select(error => error.Message)
                .Where(error => !error.Contains("does not exist", StringComparison.OrdinalIgnoreCase));
            errors.ShouldBeEmpty(line);
        }
    }

    [Theory]
    [InlineData("README.md", "")]
    [InlineData("docs/README.md", "docs")]
    [InlineData("docs/getting-started.md", "docs")]
    [InlineData("docs/requirements.md", "docs")]
    [InlineData("docs/decisions/README.md", "docs/decisions")]
    public void every_link_leads_somewhere(string page, string folder)
    {
        var links = string.Join('\n', Lines(page)).Split("](").Skip(1).Select(rest => rest.Split(')')[0].Split('#')[0]);

        foreach (var link in links.Where(link => !link.StartsWith("http", StringComparison.Ordinal)))
            Path.Exists(Path.GetFullPath(Repository.Below(folder, link))).ShouldBeTrue($"{page} links to {link}.");
    }

    [Theory]
    [InlineData("docs/README.md", "docs")]
    [InlineData("docs/README.md", "docs/reference")]
    [InlineData("docs/decisions/README.md", "docs/decisions")]
    public void every_page_of_a_folder_is_listed(string index, string folder)
    {
        var listed = File.ReadAllText(Repository.Below(index));

        foreach (var page in Directory.EnumerateFiles(Repository.Below(folder), "*.md").Select(Path.GetFileName))
            if (page != "README.md")
                listed.ShouldContain($"{page})", Case.Sensitive, $"{index} is to list {folder}/{page}.");
    }

    [Fact]
    public void every_test_that_the_requirements_name_exists()
    {
        var files = Directory.EnumerateFiles(Repository.Below("tests"), "*Tests.cs", SearchOption.AllDirectories);
        var tests = string.Concat(files.Select(File.ReadAllText));
        var named = Lines("docs/requirements.md").SelectMany(row => TestName().Matches(row.Split(" | ")[^1]))
            .Select(test => test.Groups["name"].Value).ToList();

        named.Count.ShouldBeGreaterThan(20);
        named.Where(name => !tests.Contains($" {name}(", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    // In backticks, of at least three words.
    [GeneratedRegex("`(?<name>[a-z0-9]+(_[a-z0-9]+){2,})`")]
    private static partial Regex TestName();

    private static string[] Lines(string page) => File.ReadAllLines(Repository.Below(page));

    // An indented line, or one in a block; without its comment and without what it is piped into.
    private static string? Command(string line)
    {
        var text = line.Trim().Replace(ToolFromSource, Tool, StringComparison.Ordinal);
        return text.StartsWith(Tool, StringComparison.Ordinal) && !text.Contains('"')
            ? text[Tool.Length..].Split(" #")[0].Split(" > ")[0].Split(" | ")[0].Trim()
            : null;
    }
}
