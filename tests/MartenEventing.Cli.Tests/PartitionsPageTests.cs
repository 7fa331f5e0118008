using System.Text.RegularExpressions;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Cli.Tests;

public sealed partial class PartitionsPageTests
{
    [Fact]
    public async Task every_statement_of_the_page_shows_what_the_page_says()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var page = (await File.ReadAllTextAsync(Repository.Below("docs", "partitions.md"))).ReplaceLineEndings("\n");

        var told = await Psql.RunAsync(
            store.ConnectionString, string.Concat(Block().Matches(page).Select(block => block.Groups["text"].Value)));

        told.ShouldMatch(@"mt_events_head\s+\|\s+1 \| 1970-01-01");
        told.ShouldMatch(@"mt_events_tail\s+\|\s+3 \| 2099-06-01");
        told.ShouldMatch(@" moved \n-+\n\s+0\n");
        told.ShouldMatch(@"mt_events_head \| withdrawn");
        var plans = told.Split("QUERY PLAN");
        plans.Length.ShouldBe(3);
        plans[1].Split("rows)")[0].ShouldNotContain("mt_events_head");
        plans[2].ShouldContain("mt_events_head");
    }

    [GeneratedRegex("^```sql\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
