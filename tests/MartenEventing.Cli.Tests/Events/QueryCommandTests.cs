using System.Text.Json;
using MartenEventing.Events;

namespace MartenEventing.Cli.Tests.Events;

public sealed class QueryCommandTests
{
    [Fact]
    public async Task what_fits_is_shown_a_page_at_a_time_with_the_cursor_of_the_next()
    {
        await using var database = await FilledAsync();

        var first = await CommandRun.OnAsync(
            database, "events", "query", "--type", "parcel_scanned", "--user", "ann", "--limit", "2");
        var cursor = first.Error.Split("--after ")[1].Trim().TrimEnd('.');
        var second = await CommandRun.OnAsync(
            database,
            ["events", "query", "--type", "parcel_scanned", "--user", "ann", "--limit", "2", "--after", cursor]);

        first.ExitCode.ShouldBe(ExitCode.Done);
        first.Error.ShouldBe($"2 events, and there are more: the same with --after {cursor}.\n");
        first.Out.Split('\n')[0].ShouldMatch("^ *Sequence +Time +Stream +Version +Type +Data");
        first.Out.ShouldContain("2026-01-01 00:00:00Z");
        second.Error.ShouldBe("1 events.\n");
    }

    [Fact]
    public async Task json_holds_bodies_and_headers_as_json()
    {
        await using var database = await FilledAsync();

        var run = await CommandRun.OnAsync(
            database, "events", "query", "--headers", """{"site": {"dock": 3}}""", "--json");

        var found = JsonDocument.Parse(run.Out).RootElement.GetProperty("events").EnumerateArray()
            .ShouldHaveSingleItem();
        found.GetProperty("data").GetProperty("depot").GetString().ShouldBe("depot 3");
        found.GetProperty("headers").GetProperty("site").GetProperty("dock").GetInt32().ShouldBe(3);
        found.GetProperty("version").GetInt64().ShouldBe(3);
    }

    [Theory]
    [InlineData("1 2 3 4", "--order", "sequence")]
    [InlineData("4 3 2 1", "--descending")]
    [InlineData("1 2 3 4", "--order", "time")]
    [InlineData("4 3 2 1", "--order", "time", "--descending")]
    [InlineData("2 3", "--from", "2026-01-02", "--to", "2026-01-03T00:00:01Z")]
    [InlineData("1 2 3 4", "--stream", "parcel 7")]
    [InlineData("2", "--correlation-id", "k2", "--causation-id", "c2")]
    [InlineData("", "--stream", "parcel 8")]
    public async Task conditions_and_order_are_those_given(string versions, params string[] options)
    {
        await using var database = await FilledAsync();

        var run = await CommandRun.OnAsync(database, ["events", "query", "--json", .. options]);

        var found = JsonDocument.Parse(run.Out).RootElement.GetProperty("events").EnumerateArray()
            .Select(stored => stored.GetProperty("version").GetInt64());
        string.Join(' ', found).ShouldBe(versions);
    }

    [Fact]
    public async Task what_cannot_be_asked_is_told()
    {
        await using var database = await StoreDatabase.CreateAsync();

        var time = await CommandRun.OnAsync(database, "events", "query", "--from", "yesterday");
        var limit = await CommandRun.OnAsync(database, "events", "query", "--limit", "0");
        var headers = await CommandRun.OnAsync(database, "events", "query", "--headers", "[1]");

        time.ExitCode.ShouldBe(ExitCode.WrongUsage);
        time.Error.ShouldContain(
            "--from is \"yesterday\". Give an instant such as 2026-11-20 or 2026-11-20T12:30:00Z.");
        (limit.ExitCode, limit.Error).ShouldBe((2, "error: The page size is 0. Allowed: 1 to 10000.\n"));
        headers.Error.ShouldStartWith("error: The headers to look for are [1]. Give a JSON object:");
    }

    private static async Task<StoreDatabase> FilledAsync()
    {
        var database = await StoreDatabase.CreateAsync();
        await new PostgresEventStore(database.DataSource).AppendAsync(
            StreamId.FromName("parcel 7"), ExpectedVersion.NoStream, [.. Enumerable.Range(1, 4).Select(Event)]);
        return database;
    }

    private static NewEvent Event(int number) =>
        new(number == 4 ? "parcel_delivered" : "parcel_scanned", $$"""{"depot": "depot {{number}}"}""")
        {
            Timestamp = new DateTimeOffset(2026, 1, number, 0, 0, 0, TimeSpan.Zero),
            UserName = "ann",
            CorrelationId = $"k{number}",
            CausationId = $"c{number}",
            Headers = $$$"""{"site": {"dock": {{{number}}}}}""",
        };
}
