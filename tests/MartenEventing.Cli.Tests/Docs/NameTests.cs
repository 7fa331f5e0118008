using System.Text.RegularExpressions;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Cli.Tests.Docs;

public sealed partial class NameTests
{
    private static readonly IReadOnlyList<MarkdownPage> Pages = MarkdownPage.All();

    /// <summary>Names of Marten, PostgreSQL and PgBouncer that our own source has no use for.</summary>
    private static readonly string[] OfOthers =
        [
            "ExtendedSchemaObjects", "UseSchemaFingerprinting", "TypeLoadMode", "TimeZone", "IntervalStyle",
            "max_prepared_statements",
        ];

    [Fact]
    public void every_test_that_shows_a_requirement_exists()
    {
        var page = Pages.Single(page => page.Path == "docs/requirements.md");
        var named = page.Passages.Where(row => row.StartsWith('|'))
            .SelectMany(row => MarkdownPage.SpansOf(row.Split(" | ")[^1]))
            .Where(span => SnakeCase().IsMatch(span)).ToList();

        named.Count.ShouldBeGreaterThan(80);
        named.Where(name => !SourceText.TestMethods.Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public void every_name_in_snake_case_is_one_of_the_database_or_of_a_test() =>
        Missing(SnakeCase(), SourceText.Words.Contains).ShouldBeEmpty();

    [Fact]
    public void every_test_class_exists() =>
        Missing(TestClass(), name => SourceText.Types.Contains(name)).ShouldBeEmpty();

    [Fact]
    public void every_variable_of_the_environment_is_read_somewhere()
    {
        var named = (from page in Pages
                     from text in page.Passages.Concat(page.Blocks.SelectMany(block => block.Lines))
                     from variable in Variable().Matches(text).Select(match => match.Value)
                     select (page.Path, variable)).ToList();

        named.ShouldNotBeEmpty();
        named.Where(name => !SourceText.Words.Contains(name.variable)).ShouldBeEmpty();
    }

    [Fact]
    public void every_metric_exists() =>
        Missing(Metric(), name => SourceText.Below("src/").Where(file => Path.GetExtension(file) == ".cs")
            .Any(file => SourceText.Read(file).Contains($"\"{name}\"", StringComparison.Ordinal))).ShouldBeEmpty();

    [Fact]
    public void every_name_in_pascal_case_stands_in_the_source() =>
        Missing(PascalCase(), SourceText.Words.Contains).ShouldBeEmpty();

    [Fact]
    public void every_member_of_a_type_of_ours_is_one() =>
        (from page in Pages
         from span in page.Spans
         from member in Member().Matches(span)
         let type = SourceText.Types[member.Groups["type"].Value].ToList()
         where type.Count > 0 && !type.Exists(words => words.Contains(member.Groups["name"].Value))
         select $"{page.Path}: {member.Value}").ShouldBeEmpty();

    [Fact]
    public void the_page_about_what_is_stored_names_every_table_of_ours()
    {
        var tables = SourceText.Below("db/tables/").Concat(SourceText.Below("db/history/"))
            .Select(file => Path.GetFileNameWithoutExtension(file)).Append("mt_stream_bounds");
        var page = Pages.Single(page => page.Path == "docs/decisions/D11-stored.md");

        page.Passages.Where(row => row.StartsWith("| `", StringComparison.Ordinal))
            .Select(row => MarkdownPage.SpansOf(row).First())
            .ShouldBe(tables, ignoreOrder: true);
    }

    private static IEnumerable<string> Missing(Regex shape, Func<string, bool> exists) =>
        from page in Pages
        from span in page.Spans
        from name in shape.Matches(span).Select(match => match.Value)
        where !exists(name) && !OfOthers.Contains(name) && !PartitionName().IsMatch(name)
        select $"{page.Path}: {name}";

    [GeneratedRegex(@"^mt_events_(t[0-9a-f]{7}|[dwmqy]\d{4,8})(_|$)")]
    private static partial Regex PartitionName();

    // Of at least three words.
    [GeneratedRegex(@"(?<![\w.-])[a-z0-9]+(_[A-Za-z0-9]+){2,}(?![\w*.])")]
    private static partial Regex SnakeCase();

    [GeneratedRegex(@"\b[A-Z]\w+Tests\b(?!\.)")]
    private static partial Regex TestClass();

    [GeneratedRegex(@"\bmarten_eventing(\.[a-z_]+)+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"\bMARTEN_EVENTING_\w+")]
    private static partial Regex Variable();

    [GeneratedRegex(@"(?<![\w:])[A-Z][a-z0-9]+([A-Z][a-z0-9]+)+\b")]
    private static partial Regex PascalCase();

    [GeneratedRegex(@"\b(?<type>[A-Z]\w+)\.(?<name>[A-Z]\w+)")]
    private static partial Regex Member();
}
