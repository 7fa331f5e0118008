using System.CommandLine;
using System.Text.RegularExpressions;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Cli.Tests.Docs;

public sealed partial class OptionTests
{
    /// <summary>Programs other than ours that pages name, and where their options are declared.</summary>
    private static readonly (string Program, string Folder, Regex Declaration)[] Others =
    [
        ("benchmarks/MartenEventing.Benchmarks", "benchmarks/MartenEventing.Benchmarks", Constructed()),
        ("benchmarks/MartenEventing.Marten.Benchmarks", "benchmarks/MartenEventing.Marten.Benchmarks", Constructed()),
        ("rebuild-projections", "src/MartenEventing.Marten/Rebuilding", Flag()),
    ];

    [Fact]
    public void every_option_in_backticks_is_one_of_the_command_beside_it_or_of_some_command()
    {
        var pages = MarkdownPage.All();
        pages.SelectMany(page => page.Spans).Count(IsOption).ShouldBeGreaterThan(40);

        pages.SelectMany(Wrong).ShouldBeEmpty();
    }

    private static IEnumerable<string> Wrong(MarkdownPage page)
    {
        var elsewhere = OptionsOfOthers(page);
        foreach (var passage in page.Passages)
        {
            Command? beside = null;
            foreach (var span in MarkdownPage.SpansOf(passage))
            {
                if (!IsOption(span))
                    beside = CommandOf(span);
                else
                    foreach (var option in Option().Matches(span).Select(match => match.Value))
                        if (!elsewhere.Contains(option) && !IsOptionOf(option, beside))
                            yield return $"{page.Path}: {option} beside {beside?.Name ?? "no command"}: {passage}";
            }
        }
    }

    private static bool IsOption(string span) => span.StartsWith("--", StringComparison.Ordinal);

    private static bool IsOptionOf(string option, Command? command) => command is not null
        ? DocumentedCommands.OptionsOf(command).Contains(option)
        : DocumentedCommands.Leaves().Any(leaf => DocumentedCommands.OptionsOf(leaf.Command).Contains(option));

    private static Command? CommandOf(string span) =>
        DocumentedCommands.InSpan(span).Select(words => DocumentedCommands.Tree.Parse(words).CommandResult.Command)
            .FirstOrDefault(command => command.Subcommands.Count == 0);

    private static HashSet<string> OptionsOfOthers(MarkdownPage page) =>
    [
        .. from other in Others
           where page.Passages.Concat(page.Blocks.SelectMany(block => block.Lines))
               .Any(line => line.Contains(other.Program, StringComparison.Ordinal))
           from file in Directory.EnumerateFiles(Repository.Below(other.Folder), "*.cs", SearchOption.AllDirectories)
           from option in other.Declaration.Matches(File.ReadAllText(file))
           select "--" + (option.Groups["alias"].Success ? option.Groups["alias"] : option.Groups["name"]).Value
               .ToLowerInvariant(),
    ];

    [GeneratedRegex("--[a-z][a-z-]*")]
    private static partial Regex Option();

    [GeneratedRegex("""new\("--(?<name>[a-z-]+)""")]
    private static partial Regex Constructed();

    [GeneratedRegex("""FlagAlias\("(?<alias>[a-z-]+)"|public \S+ (?<name>\w+)Flag \{""")]
    private static partial Regex Flag();
}
