using MartenEventing.TestSupport.House;

namespace MartenEventing.Cli.Tests;

public sealed class DocumentationTests
{
    [Fact]
    public async Task the_reference_page_is_what_the_commands_say() =>
        Approval.Compare((await CommandRun.OfAsync("docs")).Out, "docs", "reference", "cli.md");

    [Fact]
    public void the_tool_offers_no_types() => PublicApi.Compare(typeof(CommandTree).Assembly);
}
