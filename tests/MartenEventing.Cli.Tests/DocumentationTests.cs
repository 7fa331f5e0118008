using MartenEventing.TestSupport.House;

namespace MartenEventing.Cli.Tests;

public sealed class DocumentationTests
{
    [Fact]
    public async Task the_reference_page_is_what_the_commands_say() =>
        Approval.Compare((await CommandRun.OfAsync("docs")).Out, "docs", "reference", "cli.md");

    [Fact]
    public async Task every_command_that_changes_data_can_be_tried_first()
    {
        string[] verbs = ["apply", "ensure", "maintain", "import", "vacuum", "reindex", "create", "restore"];
        var page = (await CommandRun.OfAsync("docs")).Out;

        foreach (var section in page.Split("\n## ").Where(section => verbs.Contains(VerbOf(section))))
        {
            section.ShouldContain("--dry-run");
            section.ShouldContain("--show-sql");
        }
    }

    private static string VerbOf(string section) => section.Split('\n', 2)[0].Trim('`').Split(' ')[^1];

    [Fact]
    public void the_tool_offers_no_types() => PublicApi.Compare(typeof(CommandTree).Assembly);
}
