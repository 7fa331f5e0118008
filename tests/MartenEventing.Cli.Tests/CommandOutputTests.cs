using MartenEventing.Cli.Output;

namespace MartenEventing.Cli.Tests;

public sealed class CommandOutputTests
{
    [Fact]
    public void a_table_is_aligned_and_not_cut()
    {
        using var output = new StringWriter();
        var wide = new string('x', 300);

        new CommandOutput(To(output)).WriteTable(["Name", ">Rows"], [["[a]", "1"], [wide, "10000"]]);

        output.ToString().Split('\n').Select(line => line.TrimEnd()).ShouldBe(
        [
            "Name".PadRight(300) + "   Rows", "[a]".PadRight(300) + "      1", wide + "  10000", "",
        ]);
    }

    [Theory]
    [InlineData(false, null, false)]
    [InlineData(true, null, true)]
    [InlineData(true, "1", false)]
    public void colour_is_for_terminals_where_nobody_has_asked_for_none(bool isTerminal, string? noColor, bool coloured)
    {
        var terminal = Environment.GetEnvironmentVariable("TERM");
        Assert.SkipWhen(coloured && terminal is null or "dumb", "TERM knows no colours.");
        using var output = new StringWriter();
        var environment = To(output) with
        {
            ErrorIsTerminal = isTerminal,
            Variable = name => name == "NO_COLOR" ? noColor : null,
        };

        new CommandOutput(environment).Fail("[no] good");

        output.ToString().Contains('\u001b').ShouldBe(coloured);
        output.ToString().ShouldEndWith("[no] good" + Environment.NewLine);
    }

    private static CliEnvironment To(TextWriter output) => new() { Out = output, Error = output };
}
