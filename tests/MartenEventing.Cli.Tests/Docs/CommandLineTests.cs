using MartenEventing.TestSupport.House;

namespace MartenEventing.Cli.Tests.Docs;

public sealed class CommandLineTests
{
    private static readonly IReadOnlyList<MarkdownPage> Pages = MarkdownPage.All();

    // Made from the commands themselves.
    private const string Generated = "docs/reference/cli.md";

    [Fact]
    public void every_command_in_a_block_can_be_typed_as_it_stands()
    {
        var commands = Pages.Where(page => page.Path != Generated)
            .SelectMany(page => DocumentedCommands.InBlocks(page).Select(words => (page.Path, words))).ToList();

        commands.Count.ShouldBeGreaterThan(40);
        Wrong(commands, abridged: false).ShouldBeEmpty();
    }

    [Fact]
    public void every_command_in_backticks_exists_with_its_options_and_values()
    {
        var commands = Pages.SelectMany(page => page.Spans.SelectMany(DocumentedCommands.InSpan)
            .Select(words => (page.Path, words))).ToList();

        commands.Count.ShouldBeGreaterThan(40);
        Wrong(commands, abridged: true).ShouldBeEmpty();
    }

    private static IEnumerable<string> Wrong(IEnumerable<(string Page, string[] Words)> commands, bool abridged) =>
        from command in commands
        from error in DocumentedCommands.ErrorsOf(command.Words, abridged)
        select $"{command.Page}: {string.Join(' ', command.Words)}: {error}";
}
