using System.Text;
using MartenEventing.Events;
using MartenEventing.TestSupport.Importing;

namespace MartenEventing.Tests.Events.Importing;

public sealed class InvalidLineTests
{
    private static readonly string TooLong = EventLines.Line("a", 7).PadRight((64 << 20) + 1);

    [Theory]
    [InlineData("{", "it is not JSON, or nested deeper than 1000, at byte 2.")]
    [InlineData("{}", "it lacks stream, type, timestamp, data.")]
    [InlineData("""{"stream":"a","type":null,"data":null}""", "it lacks type, timestamp.")]
    [InlineData("[]", "it is JSON, but no object.")]
    [InlineData("""{"stream":"a","type":"b","timestamp":"2026-01-01T00:00:00Z","data":1} x""",
        "it is not JSON, or nested deeper than 1000, at byte 71.")]
    [InlineData("""{"stream":"a","type":"b","timestamp":"2026-01-01T00:00:00Z","data":1,"data":2}""",
        "\"data\" is in it twice.")]
    [InlineData(
        """{"stream":"a","typ":"b"}""", "\"typ\" is no field of an event. Allowed: stream, type, timestamp, data, "
        + "correlationId, causationId, userName, headers, id.")]
    [InlineData("""{"stream":"a","type":"","timestamp":"2026-01-01T00:00:00Z","data":1}""",
        "its type is empty or longer than 500 characters.")]
    [InlineData("""{"stream":""}""", "its stream is empty.")]
    [InlineData("""{"stream":7}""", "its stream is no string.")]
    [InlineData("""{"id":"7"}""", "its id \"7\" is no uuid.")]
    [InlineData("""{"headers":[]}""", "its headers are no JSON object.")]
    [InlineData("""{"timestamp":"yesterday"}""",
        "its timestamp \"yesterday\" is none of ISO 8601, such as 2026-11-20T21:30:00Z.")]
    [InlineData("""{"timestamp":1764000000}""",
        "its timestamp \"1764000000\" is none of ISO 8601, such as 2026-11-20T21:30:00Z.")]
    [InlineData("""{"timestamp":"2026-01-01T00:00:00"}""",
        "its timestamp \"2026-01-01T00:00:00\" does not tell its offset from UTC. For UTC add a Z.")]
    [InlineData("""{"timestamp":"2026-01-01"}""",
        "its timestamp \"2026-01-01\" does not tell its offset from UTC. For UTC add a Z.")]
    [InlineData("""{"data":{"a":["\u0000"]}}""", "its data has the character U+0000, which PostgreSQL does not store.")]
    [InlineData("""{"userName":"\u0000"}""", "its userName has the character U+0000, which PostgreSQL does not store.")]
    [InlineData("""{"data":"\ud800"}""", @"it has half of a surrogate pair (\uD800 to \uDFFF).")]
    [InlineData(
        """{"stream":"a","type":"b","timestamp":"2026-01-01T00:00:00Z","data":1,"headers":{"streamName":"c"}}""",
        "its headers have a streamName of their own, other than its stream.")]
    public async Task a_line_that_is_no_event_stops_the_import_and_tells_why(string line, string reason)
    {
        await using var store = await StoreDatabase.CreateAsync();

        var error = await Should.ThrowAsync<InvalidImportLineException>(
            store.ImportAsync(EventLines.Text(EventLines.Line("a", 1), "", line, EventLines.Line("a", 2))));

        (error.LineNumber, error.Message).ShouldBe((3, $"Line 3 cannot be imported: {reason}"));
        await store.DataSource.ShouldHoldLinesAsync(1);
    }

    [Fact]
    public async Task bytes_that_are_no_utf8_are_refused()
    {
        await using var store = await StoreDatabase.CreateAsync();

        (await Should.ThrowAsync<InvalidImportLineException>(store.ImportAsync(
            new MemoryStream(Encoding.Latin1.GetBytes(EventLines.Line("Zoë", 1)))))).Reason.ShouldBe(
                "it is not UTF-8.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(2000)]
    public async Task a_gzip_file_that_was_cut_off_stops_at_the_line_it_breaks_in(int missing)
    {
        await using var store = await StoreDatabase.CreateAsync();
        var whole = EventLines.Gzip(EventLines.Shuffled(3000, streams: 10, years: 1));
        var cut = new MemoryStream(whole.ToArray()[..^missing]);

        var error = await Should.ThrowAsync<InvalidImportLineException>(store.ImportAsync(cut));

        error.Reason.ShouldStartWith("its bytes cannot be read: ");
        error.CanBeSetAside.ShouldBeFalse();
        await store.DataSource.ShouldHoldLinesAsync((int)error.LineNumber - 1);
    }

    [Fact]
    public async Task the_import_of_the_mended_input_goes_on_where_it_stopped()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var lines = EventLines.Shuffled(100, streams: 10, years: 1);

        var error = await Should.ThrowAsync<InvalidImportLineException>(store.ImportAsync(
            EventLines.Text([.. lines[..41], "oops", .. lines[42..]]), new ImportOptions { BatchSize = 10 }));
        var report = await store.ImportAsync(EventLines.Text(lines), new ImportOptions { Source = error.ImportSource });

        (error.LineNumber, report.LinesDoneBefore, report.Events).ShouldBe((42, 41, 59));
        await store.DataSource.ShouldHoldLinesAsync(100);
    }

    [Fact]
    public async Task invalid_lines_can_be_set_aside()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var aside = new List<InvalidLine>();

        var report = await store.ImportAsync(
            EventLines.Text("oops", EventLines.Line("a", 1), EventLines.Line("a", 2), "{}", "[]"),
            new ImportOptions { SetAside = aside.Add, BatchSize = 1 });

        aside.Select(line => (line.Number, line.Text)).ShouldBe([(1, "oops"), (4, "{}"), (5, "[]")]);
        aside[1].Reason.ShouldBe("it lacks stream, type, timestamp, data.");
        (report.Events, report.InvalidLines, report.Lines).ShouldBe((2, 3, 5));
        await store.DataSource.ShouldHoldLinesAsync(2);
    }

    [Fact]
    public async Task a_line_of_more_than_64_MiB_stops_the_import_and_tells_the_limit()
    {
        await using var store = await StoreDatabase.CreateAsync();

        var error = await Should.ThrowAsync<InvalidImportLineException>(
            store.ImportAsync(EventLines.Text(EventLines.Line("a", 1), TooLong, EventLines.Line("a", 2))));

        (error.LineNumber, error.Reason, error.CanBeSetAside).ShouldBe(
            (2, "it is longer than 67,108,864 bytes (64 MiB), the most that a line may have.", true));
        await store.DataSource.ShouldHoldLinesAsync(1);
    }

    [Fact]
    public async Task a_line_of_more_than_64_MiB_can_be_set_aside_and_is_no_more_in_the_way_afterwards()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var aside = new List<InvalidLine>();
        string[] lines = [EventLines.Line("a", 1), TooLong, EventLines.Line("a", 2)];

        var report = await store.ImportAsync(
            EventLines.Gzip(lines), new ImportOptions { SetAside = aside.Add, Source = "long", BatchSize = 1 });
        var longer = await store.ImportAsync(
            EventLines.Text([.. lines, EventLines.Line("a", 3)]), new ImportOptions { Source = "long" });

        aside.ShouldBe(
            [new InvalidLine(
                2, "it has 67,108,865 bytes; a line may have 67,108,864 bytes (64 MiB).", TooLong[..1_000])]);
        (report.Events, report.InvalidLines, report.Lines).ShouldBe((2, 1, 3));
        (longer.Events, longer.LinesDoneBefore).ShouldBe((1, 3));
        await store.DataSource.ShouldHoldLinesAsync(3);
    }

    [Fact]
    public async Task a_line_that_only_the_server_refuses_is_found()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var lines = EventLines.Shuffled(100, streams: 10, years: 1);
        lines[66] = lines[66].Replace("\"n\":67", "\"n\":1e400000");

        var error = await Should.ThrowAsync<InvalidImportLineException>(
            store.ImportAsync(EventLines.Text(lines), new ImportOptions { BatchSize = 40 }));

        (error.LineNumber, error.Reason).ShouldBe(
            (67, "the server refuses it: value overflows numeric format (SQLSTATE 22003)."));
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(66);
        (await store.ScalarAsync<long>("SELECT lines FROM mt_import_progress")).ShouldBe(66);

        lines[66] = lines[66].Replace("1e400000", "67");
        await store.ImportAsync(EventLines.Text(lines), new ImportOptions { Source = error.ImportSource });
        await store.DataSource.ShouldHoldLinesAsync(100);
    }

    [Fact]
    public async Task lines_that_only_the_server_refuses_can_be_set_aside()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var archived = Guid.NewGuid();
        await store.ExecuteAsync("INSERT INTO mt_streams (id, version, is_archived) VALUES ($1, 0, true)", archived);
        var aside = new List<InvalidLine>();
        string[] lines =
        [
            EventLines.Line($"{archived}", 0), "oops", EventLines.Line("a", 1), EventLines.Line($"{archived}", 0),
            EventLines.Line("a", 2, more: ""","headers":{"n":-1e400000}"""), EventLines.Line("a", 2), "oops",
            EventLines.Line("a", 3), EventLines.Line($"{archived}", 0),
        ];

        var report = await store.ImportAsync(EventLines.Text(lines), new ImportOptions { SetAside = aside.Add });

        aside.Select(line => line.Number).Order().ShouldBe([1, 2, 4, 5, 7, 9]);
        aside.ShouldContain(
            new InvalidLine(4, $"its stream {archived} is archived and takes no more events.", lines[3]));
        (report.Events, report.InvalidLines).ShouldBe((3, 6));
        (await store.ColumnAsync<long>("SELECT version FROM mt_events ORDER BY seq_id")).ShouldBe([1, 2, 3]);
        (await store.ScalarAsync<long>("SELECT version FROM mt_streams WHERE is_archived")).ShouldBe(0);
    }
}
