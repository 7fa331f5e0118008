using MartenEventing.Events;
using MartenEventing.Schema;

namespace MartenEventing.Tests.Events;

public sealed class QueryTests
{
    private static readonly DateTimeOffset ThisMonth =
        new(DateTime.UtcNow.Year, DateTime.UtcNow.Month, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(StoreLayout.Partitioned)]
    [InlineData(StoreLayout.Plain)]
    public async Task each_condition_finds_what_it_tells_and_all_together_what_fits_all(StoreLayout layout)
    {
        await using var database = await StoreDatabase.CreateAsync(layout: layout);
        var store = new PostgresEventStore(database.DataSource);
        StreamId stream = Guid.NewGuid();
        NewEvent Event(string type, int day, string user, string correlation, string causation, string headers) =>
            new(type, "{}")
        {
            Timestamp = ThisMonth.AddDays(day),
            UserName = user,
            CorrelationId = correlation,
            CausationId = causation,
            Headers = headers,
        };
        await store.AppendAsync(stream, ExpectedVersion.Any,
        [
            Event("a", 0, "ann", "k1", "c1", """{"device": "scanner 7", "site": {"city": "Łódź", "dock": 4}}"""),
            Event("b", 40, "bob", "k1", "c2", """{"device": "scanner 8"}"""),
            Event("c", 80, "ann", "k2", "c1", """{"device": "scanner 7"}"""),
        ]);
        await store.AppendAsync(Guid.NewGuid(), ExpectedVersion.Any, [Event("a", 40, "ann", "k2", "c2", "{}")]);

        async Task<long[]> FindAsync(EventQuery query) =>
            [.. (await store.QueryAsync(query)).Events.Select(found => found.Sequence)];

        (await FindAsync(new EventQuery())).ShouldBe([1, 2, 3, 4]);
        (await FindAsync(new EventQuery { Types = ["a"] })).ShouldBe([1, 4]);
        (await FindAsync(new EventQuery { Types = ["a", "c"] })).ShouldBe([1, 3, 4]);
        (await FindAsync(new EventQuery { UserName = "ann" })).ShouldBe([1, 3, 4]);
        (await FindAsync(new EventQuery { CorrelationId = "k1" })).ShouldBe([1, 2]);
        (await FindAsync(new EventQuery { CausationId = "c2" })).ShouldBe([2, 4]);
        (await FindAsync(new EventQuery { Stream = stream })).ShouldBe([1, 2, 3]);
        (await FindAsync(new EventQuery { From = ThisMonth.AddDays(40) })).ShouldBe([2, 3, 4]);
        (await FindAsync(new EventQuery { To = ThisMonth.AddDays(40) })).ShouldBe([1]);
        (await FindAsync(new EventQuery { HeadersContain = """{"device": "scanner 7"}""" })).ShouldBe([1, 3]);
        (await FindAsync(new EventQuery { HeadersContain = """{"site": {"city": "Łódź"}}""" })).ShouldBe([1]);
        (await FindAsync(new EventQuery { Types = ["a"], UserName = "ann", From = ThisMonth.AddDays(1) }))
            .ShouldBe([4]);
        (await FindAsync(new EventQuery { UserName = "nobody" })).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(EventOrder.Sequence)]
    [InlineData(EventOrder.SequenceDescending)]
    [InlineData(EventOrder.Time)]
    [InlineData(EventOrder.TimeDescending)]
    public async Task pages_of_any_order_and_size_give_every_event_once_though_timestamps_are_equal(EventOrder order)
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        var random = new Random(2);
        await store.AppendAsync(Guid.NewGuid(), ExpectedVersion.Any, [.. Enumerable.Range(0, 60).Select(_ =>
            Parcel.ScannedAt(ThisMonth.AddDays(random.Next(6) * 30)) with { Type = random.Next(2) == 0 ? "a" : "b" })]);
        var column = order switch
        {
            EventOrder.Sequence => "seq_id",
            EventOrder.SequenceDescending => "seq_id DESC",
            EventOrder.Time => "timestamp, seq_id",
            _ => "timestamp DESC, seq_id DESC",
        };
        var expected =
            await database.ColumnAsync<long>($"SELECT seq_id FROM mt_events WHERE type = 'a' ORDER BY {column}");

        foreach (var size in new[] { 1, 7, expected.Count, 10_000 })
        {
            var read = new List<long>();
            var query = new EventQuery { Types = ["a"], Order = order, PageSize = size };
            do
            {
                var page = await store.QueryAsync(query);
                read.AddRange(page.Events.Select(found => found.Sequence));
                query = query with { After = page.NextCursor };
            }
            while (query.After is not null);

            read.ShouldBe(expected);
        }
    }

    [Fact]
    public async Task a_time_window_touches_only_its_months()
    {
        await using var database = await StoreDatabase.CreateAsync();
        await database.FillMonthsAsync(new PostgresEventStore(database.DataSource), perMonth: 50);
        await database.ExecuteAsync("ANALYZE mt_events");
        var before = await database.ScansAsync();
        var query =
            new EventQuery { From = ThisMonth.AddMonths(1), To = ThisMonth.AddMonths(2), Types = ["parcel_scanned"] };

        (await new PostgresEventStore(database.DataSource).QueryAsync(query)).Events.Count.ShouldBe(50);

        (await database.ScansAsync()).Except(before).Select(scan => scan.Split(' ')[0])
            .ShouldBe([$"mt_events_m{ThisMonth.AddMonths(1):yyyyMM}"]);
    }

    [Fact]
    public async Task an_event_is_found_by_its_id_wherever_it_lies()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        NewEvent[] events =
        [
            Parcel.Scanned(),
            Parcel.ScannedAt(DateTimeOffset.UnixEpoch),
            Parcel.ScannedAt(new DateTimeOffset(2099, 1, 1, 0, 0, 0, default)),
            Parcel.Scanned() with { Id = Guid.NewGuid() },
        ];
        await store.AppendAsync(Guid.NewGuid(), ExpectedVersion.Any, events);

        for (var i = 0; i < events.Length; i++)
            (await store.GetEventAsync(events[i].Id)).ShouldNotBeNull().Version.ShouldBe(i + 1);
        (await store.GetEventAsync(events[1].Id, from: ThisMonth)).ShouldBeNull();
        (await store.GetEventAsync(events[1].Id, to: ThisMonth)).ShouldNotBeNull();
        (await store.GetEventAsync(Guid.CreateVersion7())).ShouldBeNull();
    }

    [Fact]
    public async Task what_cannot_be_looked_for_is_told()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        async Task<string> RefusalAsync(EventQuery query) =>
            (await Should.ThrowAsync<ArgumentException>(store.QueryAsync(query))).Message;

        (await RefusalAsync(new EventQuery { PageSize = 0 }))
            .ShouldStartWith("The page size is 0. Allowed: 1 to 10000.");
        (await RefusalAsync(new EventQuery { HeadersContain = "[1]" }))
            .ShouldStartWith("The headers to look for are [1].");
        (await RefusalAsync(new EventQuery { HeadersContain = "{" })).ShouldStartWith("The headers to look for are {.");
        (await RefusalAsync(new EventQuery { After = "x" }))
            .ShouldStartWith("\"x\" is not where a page of this order can begin.");
        (await RefusalAsync(new EventQuery { After = "17", Order = EventOrder.Time }))
            .ShouldStartWith("\"17\" is not where");
    }

    [Theory]
    [InlineData(StreamIdentity.Guid)]
    [InlineData(StreamIdentity.String)]
    public async Task streams_are_listed_a_page_at_a_time(StreamIdentity identity)
    {
        await using var database = await StoreDatabase.CreateAsync(identity);
        var store = new PostgresEventStore(database.DataSource);
        for (var i = 0; i < 9; i++)
            await store.AppendAsync([new StreamAppend(
                identity == StreamIdentity.Guid ? Guid.NewGuid() : $"parcel {i}",
                ExpectedVersion.Any,
                Parcel.Scans(i + 1))
            {
                StreamType = i % 3 == 0 ? "parcel" : "van",
            }]);

        var listed = new List<StreamState>();
        var query = new StreamQuery { Type = "van", PageSize = 4 };
        do
        {
            var page = await store.ListStreamsAsync(query);
            listed.AddRange(page.Streams);
            query = query with { After = page.NextCursor };
        }
        while (query.After is not null);

        listed.Count.ShouldBe(6);
        listed.Select(state => state.Version).Order().ShouldBe([2, 3, 5, 6, 8, 9]);
        (await store.ListStreamsAsync(new StreamQuery { IsArchived = true })).Streams.ShouldBeEmpty();
        var recent = new StreamQuery { UpdatedFrom = DateTimeOffset.UtcNow.AddHours(-1) };
        (await store.ListStreamsAsync(recent)).Streams.Count.ShouldBe(9);
    }
}
