using MartenEventing.Benchmarks.Measurements;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Benchmarks.Tests;

public sealed class DocumentedBenchmarksTests
{
    private const string Program = "dotnet run --project benchmarks/MartenEventing.Benchmarks -c Release -- ";

    [Fact]
    public void every_benchmark_that_a_page_names_takes_the_options_it_is_given()
    {
        var lines = (from page in MarkdownPage.All()
                     from code in page.Spans.Concat(page.Blocks.SelectMany(block => block.Lines))
                     where code.Contains(Program, StringComparison.Ordinal)
                     let line = code.Split(Program)[1].Split("  ")[0]
                     select (page.Path, Line: string.Concat(line.Split('[', ']')))).ToList();

        lines.Count.ShouldBeGreaterThan(5);
        (from line in lines
         from error in CompareCommand.Tree(TextWriter.Null, TextWriter.Null).Parse(line.Line).Errors
         select $"{line.Path}: {line.Line}: {error.Message}").ShouldBeEmpty();
    }

    [Fact]
    public void every_measurement_that_a_page_asks_for_alone_exists() =>
        (from page in MarkdownPage.All()
         from code in page.Spans.Concat(page.Blocks.SelectMany(block => block.Lines))
         where code.Contains("compare --only ", StringComparison.Ordinal)
         from name in code.Split("compare --only ")[1].Split(' ')[0].Split(',')
         where !Catalogue.Keys.Any(key => key.StartsWith(name, StringComparison.Ordinal))
         select $"{page.Path}: {name}").ShouldBeEmpty();
}
