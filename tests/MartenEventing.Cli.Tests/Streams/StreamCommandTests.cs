using System.IO.Compression;
using System.Text.Json;
using MartenEventing.Events;
using MartenEventing.Schema;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Cli.Tests.Streams;

public sealed class StreamCommandTests
{
    private const string History = "../shared/data/marten-history.ndjson.gz";

    [Fact]
    public async Task streams_are_listed_and_the_next_page_begins_behind_the_last()
    {
        await using var database = await StoreDatabase.CreateAsync(StreamIdentity.String);
        foreach (var name in new[] { "a", "b b", "c" })
            await AppendAsync(database, name, 2);

        var first = await CommandRun.OnAsync(database, "stream", "list", "--limit", "2");
        var second = await CommandRun.OnAsync(database, "stream", "list", "--after", "b b", "--json");

        first.Out.Split('\n')[0].ShouldMatch("^ *Stream +Version +Type +Created +Updated +Archived");
        first.Error.ShouldBe("2 streams, and there are more: the same with --after \"b b\".\n");
        JsonDocument.Parse(second.Out).RootElement.GetProperty("streams").EnumerateArray().ShouldHaveSingleItem()
            .GetProperty("stream").GetString().ShouldBe("c");
        second.Error.ShouldBe("1 streams.\n");
    }

    [Theory]
    [InlineData(StreamIdentity.Guid)]
    [InlineData(StreamIdentity.String)]
    public async Task a_stream_is_shown_by_its_name_whatever_names_streams(StreamIdentity identity)
    {
        await using var database = await StoreDatabase.CreateAsync(identity);
        await AppendAsync(database, StreamId.Parse("parcel 7", identity), 3);

        var run =
            await CommandRun.OnAsync(database, "stream", "inspect", "parcel 7", "--backwards", "--from-version", "2");

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Out.ShouldContain("parcel 7");
        run.Out.Split('\n').Where(line => line.Contains("parcel_scanned")).Select(line => line.Trim()[0])
            .ShouldBe(['3', '2']);
        run.Error.ShouldBe("2 events.\n");
    }

    [Fact]
    public async Task data_nested_deeper_than_is_read_by_default_are_shown_as_they_are()
    {
        await using var database = await StoreDatabase.CreateAsync(StreamIdentity.String);
        var store = new PostgresEventStore(database.DataSource);
        string[] deep =
            [.. new[] { 62, 65, 3000 }.Select(depth => new string('[', depth) + "1" + new string(']', depth))];
        await store.AppendAsync(
            "deep", ExpectedVersion.NoStream, [.. deep.Select(data => new NewEvent("nested", data))]);

        foreach (var command in (string[][])[["stream", "inspect", "deep"], ["events", "query", "--type", "nested"]])
        {
            var run = await CommandRun.OnAsync(database, [.. command, "--json"]);

            run.ExitCode.ShouldBe(ExitCode.Done, run.Error);
            JsonDocument.Parse(run.Out, new JsonDocumentOptions { MaxDepth = 4000 }).RootElement.GetProperty("events")
                .EnumerateArray().Select(stored => string.Concat(
                    stored.GetProperty("data").GetRawText().Where(c => !char.IsWhiteSpace(c)))).ShouldBe(
                        deep, ignoreOrder: true);
        }
    }

    [Fact]
    public async Task a_stream_that_is_not_there_is_told()
    {
        await using var database = await StoreDatabase.CreateAsync();

        var run = await CommandRun.OnAsync(database, "stream", "inspect", "parcel 8");

        run.ExitCode.ShouldBe(ExitCode.Failed);
        run.Error.ShouldBe($"error: There is no stream parcel 8 ({StreamId.FromName("parcel 8")}). "
            + "Those that are there: marten-eventing stream list.\n");
    }

    [Fact]
    public async Task a_stream_of_the_real_history_reads_back_as_the_file_holds_it()
    {
        var file = Repository.Below(History.Split('/'));
        Assert.SkipUnless(File.Exists(file), "The history of Marten is not here.");
        await using var database = await StoreDatabase.CreateAsync();
        const string name = "src/Marten/DocumentStore.cs";
        var expected = await LinesAsync(file).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("stream").GetString() == name).ToListAsync();

        var import = await CommandRun.OnAsync(database, "events", "import", file);
        var run = await CommandRun.OnAsync(database, "stream", "inspect", name, "--json");

        import.ExitCode.ShouldBe(ExitCode.Done);
        var events = JsonDocument.Parse(run.Out).RootElement.GetProperty("events").EnumerateArray().ToList();
        events.Count.ShouldBe(expected.Count);
        foreach (var (stored, line) in events.Zip(expected))
            foreach (var field in new[] { "type", "timestamp", "data", "correlationId" })
                Same(stored.GetProperty(field), line.GetProperty(field)).ShouldBeTrue($"{field} of {line}");
        (await database.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(47_641);
        (await database.ScalarAsync<long>("SELECT count(*) FROM mt_streams")).ShouldBe(6_866);
        (await database.ScalarAsync<long>(
            "SELECT count(*) FROM mt_partitions() WHERE kind = 'month' AND upper_bound <= '2026-09-01 00:00:00+00'"))
            .ShouldBe(131, "October 2015 to August 2026");
        (await database.ScalarAsync<long>(
            """
            SELECT count(*) FROM mt_events e
             WHERE e.tableoid::regclass::text <> 'mt_events_m' || to_char(e.timestamp AT TIME ZONE 'UTC', 'YYYYMM')
            """)).ShouldBe(0);
    }

    private static bool Same(JsonElement stored, JsonElement given) => stored.ValueKind == JsonValueKind.String
        && DateTimeOffset.TryParse(stored.GetString(), out var time)
            ? time == given.GetDateTimeOffset()
            : JsonElement.DeepEquals(stored, given);

    private static async IAsyncEnumerable<string> LinesAsync(string file)
    {
        await using var content = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var reader = new StreamReader(content);
        while (await reader.ReadLineAsync() is { } line)
            yield return line;
    }

    private static Task<AppendResult> AppendAsync(StoreDatabase database, StreamId stream, int events) =>
        new PostgresEventStore(database.DataSource).AppendAsync(stream, ExpectedVersion.NoStream,
            [.. Enumerable.Range(1, events).Select(number => new NewEvent("parcel_scanned", $"{number}"))]);
}
