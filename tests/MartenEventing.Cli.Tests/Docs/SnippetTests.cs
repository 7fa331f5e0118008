using MartenEventing.TestSupport.House;

namespace MartenEventing.Cli.Tests.Docs;

public sealed class SnippetTests
{
    private static readonly Lazy<string[]> Compiled = new(() =>
    [
        .. SourceText.Files
            .Where(file => Path.GetExtension(file) == ".cs" && !file.StartsWith("src/", StringComparison.Ordinal))
            .Select(file => Flat(SourceText.Read(file).ReplaceLineEndings("\n").Split('\n'))),
    ]);

    [Fact]
    public void every_block_of_CSharp_stands_as_it_is_in_code_that_is_compiled()
    {
        var blocks = (from page in MarkdownPage.All()
                      from block in page.Blocks
                      where block.Language == "csharp"
                      select (page.Path, block)).ToList();

        blocks.Count.ShouldBeGreaterThan(8);
        (from found in blocks
         let text = Flat(found.block.Lines)
         where !Compiled.Value.Any(code => code.Contains(text, StringComparison.Ordinal))
         select $"{found.Path}:{text}").ShouldBeEmpty();
    }

    [Fact]
    public void no_block_without_a_language_holds_CSharp() =>
        (from page in MarkdownPage.All()
         from block in page.Blocks
         where block.Language.Length == 0
         from line in block.Lines
         where line.EndsWith(");", StringComparison.Ordinal) && !line.StartsWith("SELECT", StringComparison.Ordinal)
         select $"{page.Path}: {line}").ShouldBeEmpty();

    /// <summary>Lines without what they are indented by: a page shows a part of a method.</summary>
    private static string Flat(IEnumerable<string> lines) =>
        "\n" + string.Concat(lines.Select(line => line.Trim() + "\n"));
}
