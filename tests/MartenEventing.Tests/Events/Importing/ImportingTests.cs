using System.Text;
using MartenEventing.Events;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Importing;

namespace MartenEventing.Tests.Events.Importing;

public sealed class ImportingTests
{
    [Theory]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public async Task each_event_comes_into_the_month_of_its_time_and_versions_follow_the_lines(int batchSize)
    {
        await using var store = await StoreDatabase.CreateAsync();
        var lines = EventLines.Shuffled(count: 3000, streams: 200, years: 6);

        var report = await store.ImportAsync(EventLines.Gzip(lines), new ImportOptions { BatchSize = batchSize });

        (report.Events, report.Lines, report.NewStreams, report.EventsInHead).ShouldBe((3000, 3000, 200, 0));
        report.PartitionsMade.Count.ShouldBeInRange(70, 75);
        await store.DataSource.ShouldHoldLinesAsync(3000);
        (await store.DataSource.MisplacedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task all_that_a_line_tells_is_stored()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var stream = Guid.NewGuid();
        var line = $$"""
            {"id":"0193f6a0-0000-7000-8000-000000000001","headers":{"a":[1, {"b":"\u00fc"}]},"userName":"Zoë",
            "causationId":"","correlationId":"tour \"7\" \ud83d\ude9a","data":[1.50,"\u00e9\\u0000"],
            "timestamp":"2024-02-29T23:30:00.123456789-02:00",
            "type":"parcel_scanned","stream":"{{stream}}","version":17,"sequence":4}
            """.ReplaceLineEndings("");

        await store.ImportAsync(EventLines.Text(line));

        (await store.ScalarAsync<string>(
            """
            SELECT concat_ws('|', id, stream_id, version, data, type, timestamp AT TIME ZONE 'UTC', tenant_id,
                             causation_id = '', correlation_id, user_name, headers, is_archived, mt_dotnet_type IS NULL)
              FROM mt_events
            """)).ShouldBe(
            $$"""0193f6a0-0000-7000-8000-000000000001|{{stream}}|1|[1.50, "é\\u0000"]|parcel_scanned|"""
            + """2024-03-01 01:30:00.123456|*DEFAULT*|t|tour "7" 🚚|Zoë|{"a": [1, {"b": "ü"}]}|f|t""");
    }

    [Fact]
    public async Task what_a_line_does_not_tell_is_null_and_the_id_is_new()
    {
        await using var store = await StoreDatabase.CreateAsync();

        await store.ImportAsync(EventLines.Text(
            EventLines.Line($"{Guid.NewGuid()}", 1),
            EventLines.Line($"{Guid.NewGuid()}", 2, more: ""","headers":null,"id":null""")));

        (await store.ScalarAsync<long>(
            """
            SELECT count(DISTINCT id) FROM mt_events
             WHERE (correlation_id, causation_id, user_name, headers) IS NULL AND substr(id::text, 15, 1) = '7'
            """)).ShouldBe(2);
    }

    [Fact]
    public async Task a_stream_named_by_a_text_gets_a_uuid_and_keeps_its_name_in_the_headers()
    {
        await using var store = await StoreDatabase.CreateAsync();

        await store.ImportAsync(EventLines.Text(
            EventLines.Line("parcel \\\"7\\\"", 1), EventLines.Line("parcel \\\"7\\\"", 2, more: ""","headers":{ }"""),
            EventLines.Line("parcel \\\"7\\\"", 3, more: ""","headers":{"a":{"streamName":1}}"""),
            EventLines.Line("parcel \\\"7\\\"", 4, more: ""","headers":{"streamName":"parcel \"7\"","b":2}""")));

        (await store.ColumnAsync<string>("SELECT stream_id || ' ' || headers::text FROM mt_events ORDER BY version"))
            .ShouldBe(
            new[]
            {
                """{"streamName": "parcel \"7\""}""", """{"streamName": "parcel \"7\""}""",
                """{"a": {"streamName": 1}, "streamName": "parcel \"7\""}""",
                """{"b": 2, "streamName": "parcel \"7\""}""",
            }.Select(headers => $"{StreamId.FromName("parcel \"7\"")} {headers}"));
    }

    [Fact]
    public async Task a_store_of_texts_takes_stream_names_as_they_are()
    {
        await using var store = await StoreDatabase.CreateAsync(StreamIdentity.String);
        var guid = $"{Guid.NewGuid()}";

        await store.ImportAsync(EventLines.Text(EventLines.Line("Zoë's", 1), EventLines.Line(guid, 2)));

        (await store.ColumnAsync<string>("SELECT stream_id FROM mt_events WHERE headers IS NULL ORDER BY seq_id"))
            .ShouldBe(["Zoë's", guid]);
    }

    [Fact]
    public async Task a_plain_store_takes_an_import_too()
    {
        await using var store = await StoreDatabase.CreateAsync(layout: StoreLayout.Plain, schema: "a b");

        var report = await new EventImporter(store.DataSource, new EventStoreOptions { SchemaName = "a b" })
            .ImportAsync(EventLines.Gzip(EventLines.Shuffled(500, streams: 50, years: 3)));

        (report.Events, report.EventsInHead, report.PartitionsMade.Count).ShouldBe((500, 0, 0));
        (await store.ScalarAsync<long>("SELECT count(*) FROM \"a b\".mt_events")).ShouldBe(500);
    }

    [Theory]
    [InlineData(PartitionPeriod.Week, "mt_events_w20260907")]
    [InlineData(PartitionPeriod.Quarter, "mt_events_q202607")]
    public async Task the_past_is_partitioned_by_the_period_of_the_store(PartitionPeriod period, string partition)
    {
        await using var store = await StoreDatabase.CreateAsync(period: period);

        await store.ImportAsync(
            EventLines.Text(EventLines.Line("a", 1, new DateTimeOffset(2026, 9, 8, 0, 0, 0, TimeSpan.Zero))));

        (await store.ScalarAsync<string>("SELECT tableoid::regclass::text FROM mt_events")).ShouldBe(partition);
    }

    [Fact]
    public async Task events_of_1970_and_of_2099_are_accepted_and_make_no_partitions()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var stream = Guid.CreateVersion7();

        var report = await store.ImportAsync(EventLines.Text(
            EventLines.Line($"{stream}", 1, new DateTimeOffset(2099, 12, 31, 0, 0, 0, TimeSpan.Zero)),
            EventLines.Line($"{stream}", 2, DateTimeOffset.UnixEpoch),
            EventLines.Line("later", 3, new DateTimeOffset(2099, 12, 31, 0, 0, 0, TimeSpan.Zero)),
            EventLines.Line("ends", 4, DateTimeOffset.MinValue), EventLines.Line("ends", 5, DateTimeOffset.MaxValue)));
        await new PostgresEventStore(store.DataSource).AppendAsync(
            StreamId.FromName("later"), 1, [new NewEvent("a", """{"n": 6}""")]);

        (report.Events, report.EventsInHead, report.PartitionsMade.Count).ShouldBe((5, 2, 0));
        (await store.ColumnAsync<string>("SELECT tableoid::regclass::text FROM mt_events ORDER BY seq_id LIMIT 5"))
            .ShouldBe(["mt_events_tail", "mt_events_head", "mt_events_tail", "mt_events_head", "mt_events_tail"]);
        await store.DataSource.ShouldHoldLinesAsync(6);
    }

    [Fact]
    public async Task events_older_than_the_periods_asked_for_go_into_the_head()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var now = DateTimeOffset.UtcNow;

        var report = await store.ImportAsync(
            EventLines.Text(EventLines.Line("a", 1, now.AddMonths(-13)), EventLines.Line("a", 2, now.AddMonths(-11))),
            new ImportOptions { HistoryPeriods = 12 });

        (report.EventsInHead, report.PartitionsMade.Count).ShouldBe((1, 11));
    }

    [Fact]
    public async Task without_the_right_to_make_partitions_the_past_goes_into_the_head()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var clerk = await LimitedRole.CreateAsync(store);
        await store.Superuser.ExecuteAsync($"GRANT pg_read_all_data, pg_write_all_data TO {clerk.Name}");

        var report = await new EventImporter(clerk.DataSource).ImportAsync(
            EventLines.Text(EventLines.Shuffled(100, streams: 10, years: 2)), new ImportOptions { BatchSize = 10 });

        (report.Events, report.PartitionsMade.Count).ShouldBe((100, 0));
        report.EventsInHead.ShouldBeGreaterThan(50);
        await store.DataSource.ShouldHoldLinesAsync(100);
    }

    [Fact]
    public async Task a_sealed_month_takes_an_import_and_is_sealed_no_more()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var july = new DateTimeOffset(2026, 7, 5, 0, 0, 0, TimeSpan.Zero);
        await store.ImportAsync(EventLines.Text(EventLines.Line("a", 1, july)));
        await store.SealAsync("mt_events_m202607");

        await store.ImportAsync(EventLines.Text(EventLines.Line("a", 2, july), EventLines.Line("b", 3, july)));

        (await store.ScalarAsync<string>("SELECT seal FROM mt_partitions() WHERE name = 'mt_events_m202607'")).ShouldBe(
            "withdrawn");
        (await store.DataSource.MisplacedAsync()).ShouldBeEmpty();
        await store.DataSource.ShouldHoldLinesAsync(3);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\n\n \t\n")]
    public async Task line_ends_and_blank_lines_do_not_matter_and_the_last_line_needs_no_end(string end)
    {
        await using var store = await StoreDatabase.CreateAsync();
        var text = "\uFEFF" + string.Join(end, Enumerable.Range(1, 3).Select(number => EventLines.Line("a", number)));

        await store.ImportAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)));

        await store.DataSource.ShouldHoldLinesAsync(3);
    }

    [Fact]
    public async Task a_line_may_be_longer_than_the_buffer_it_is_read_into()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var text = new string('x', 3_000_000);

        await store.ImportAsync(
            EventLines.Gzip(EventLines.Line("a", 1, more: $$""","userName":"{{text}}" """), EventLines.Line("a", 2)));

        (await store.ScalarAsync<int>("SELECT max(length(user_name)) FROM mt_events")).ShouldBe(3_000_000);
        await store.DataSource.ShouldHoldLinesAsync(2);
    }

    [Fact]
    public async Task an_empty_input_stores_nothing()
    {
        await using var store = await StoreDatabase.CreateAsync();

        var report = await store.ImportAsync(new MemoryStream());

        (report.Events, report.Lines, report.Earliest).ShouldBe((0, 0, null));
    }

    [Fact]
    public async Task progress_is_told_by_the_bytes_of_the_file()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var input = EventLines.Gzip(EventLines.Shuffled(1000, streams: 10, years: 1));
        var told = new Told();

        await store.ImportAsync(input, new ImportOptions { BatchSize = 100, Progress = told });

        told.Select(progress => progress.Events).ShouldBe(Enumerable.Range(1, 10).Select(number => 100L * number));
        told[^1].ShouldBe(new ImportProgress(1000, 1000, input.Length));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_001)]
    public async Task a_batch_size_out_of_range_is_refused(int size)
    {
        await using var store = await StoreDatabase.CreateAsync();

        (await Should.ThrowAsync<ArgumentException>(
            store.ImportAsync(new MemoryStream(), new ImportOptions { BatchSize = size }))).Message
            .ShouldBe($"ImportOptions.BatchSize is {size}. Allowed: 1 to 100000. (Parameter 'BatchSize')");
    }

    private sealed class Told : List<ImportProgress>, IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => Add(value);
    }
}
