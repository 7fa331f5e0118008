using System.Text.RegularExpressions;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Tests.House;

/// <summary>
/// What cannot be written once (a published script, functions, an index built concurrently) is written alike.
/// </summary>
public sealed partial class BlockRangeTests
{
    [Fact]
    public void all_block_range_indexes_are_made_with_the_same_options() =>
        new[] { "db", "src" }
            .SelectMany(root => Directory.EnumerateFiles(Repository.Below(root), "*.*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".sql" or ".cs")
            .SelectMany(file => Options().Matches(File.ReadAllText(file))).Select(match => match.Value)
            .ToLookup(options => options)
            .ShouldSatisfyAllConditions(
                options => options.Select(alike => alike.Key).ShouldBe(
                    ["WITH (pages_per_range = 32, autosummarize = on)"]),
                options => options.Single().Count().ShouldBeGreaterThan(2));

    [GeneratedRegex(@"WITH \([^)]*pages_per_range[^)]*\)")]
    private static partial Regex Options();
}
