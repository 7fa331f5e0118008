using MartenEventing.Events;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Tests.Events;

public sealed class PageReadingTests
{
    private static readonly DateTimeOffset ThisMonth =
        new(DateTime.UtcNow.Year, DateTime.UtcNow.Month, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(StoreLayout.Partitioned, StreamIdentity.Guid)]
    [InlineData(StoreLayout.Partitioned, StreamIdentity.String)]
    [InlineData(StoreLayout.Plain, StreamIdentity.Guid)]
    public async Task pages_give_every_event_once_in_the_order_of_sequences(StoreLayout layout, StreamIdentity identity)
    {
        await using var database = await StoreDatabase.CreateAsync(identity, layout);
        var store = new PostgresEventStore(database.DataSource);
        var random = new Random(11);
        for (var i = 0; i < 25; i++)
            await store.AppendAsync(
                identity == StreamIdentity.Guid ? Guid.NewGuid() : $"parcel {i}",
                ExpectedVersion.Any,
                [.. Enumerable.Range(0, 20).Select(_ => Parcel.ScannedAt(ThisMonth.AddDays(random.Next(-60, 300))))]);
        var all = await database.ColumnAsync<long>("SELECT seq_id FROM mt_events ORDER BY seq_id");

        foreach (var size in new[] { 1, 7, 500, 501 })
        {
            var read = new List<long>();
            EventPage page;
            do
            {
                page = await store.ReadPageAsync(read.LastOrDefault(), size);
                page.Events.Count.ShouldBeLessThanOrEqualTo(size);
                read.AddRange(page.Events.Select(found => found.Sequence));
            }
            while (page.NextCursor is not null && read.Count < 600);

            read.ShouldBe(all);
        }

        (await store.ReadAllAsync().Select(found => found.Sequence).ToListAsync()).ShouldBe(all);
        (await store.ReadAllAsync(490).Select(found => found.Sequence).ToListAsync()).ShouldBe(all[490..]);
    }

    [Fact]
    public async Task a_page_reads_the_leaves_that_are_not_sealed_and_the_sealed_ones_that_overlap()
    {
        await using var database = await StoreDatabase.CreateAsync();
        using var log = new StatementLog();
        await using var source = log.DataSource(database.ConnectionString);
        var store = new PostgresEventStore(source);
        await database.FillMonthsAsync(store, perMonth: 100);
        string[] months =
            [.. Enumerable.Range(0, 4).Select(month => $"mt_events_m{ThisMonth.AddMonths(month):yyyyMM}")];
        foreach (var month in months[..3])
            await database.SealAsync(month);
        await store.ReadPageAsync(0, 10);
        log.Take();

        (await store.ReadPageAsync(0, 50)).Events.Count.ShouldBe(50);
        (await StatementLog.LeavesAsync(database, log.Take())).ShouldBe(
            ["mt_events_head", months[0], months[3], "mt_events_tail"]);

        (await store.ReadPageAsync(150, 20)).Events.Select(found => found.Sequence)
            .ShouldBe(Enumerable.Range(151, 20).Select(sequence => (long)sequence));
        (await StatementLog.LeavesAsync(database, log.Take())).ShouldBe(
            ["mt_events_head", months[1], months[3], "mt_events_tail"]);

        (await store.ReadPageAsync(90, 120)).Events.Select(found => found.Sequence)
            .ShouldBe(Enumerable.Range(91, 120).Select(sequence => (long)sequence));
        (await store.ReadPageAsync(350, 100)).Events.Count.ShouldBe(50);
    }

    [Fact]
    public async Task a_page_walks_the_index_of_a_month_that_was_never_analyzed()
    {
        await using var database = await StoreDatabase.CreateAsync();
        using var log = new StatementLog();
        await using var source = log.DataSource(database.ConnectionString);
        await database.ExecuteAsync(
            $"""
             ALTER TABLE mt_events_m{ThisMonth:yyyyMM} SET (autovacuum_enabled = off);
             INSERT INTO mt_streams (id, version) VALUES ('{Guid.NewGuid()}', 0);
             INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
             SELECT nextval('mt_events_sequence'), gen_random_uuid(), s.id, n, '[]', 'parcel_scanned',
                    '{ThisMonth:yyyy-MM-dd}+00'::timestamptz + n * interval '1 second'
               FROM mt_streams s, generate_series(1, 20000) n
             """);
        var store = new PostgresEventStore(source);
        await store.ReadPageAsync(0);
        log.Take();

        await store.ReadPageAsync(10_000);

        var plan = string.Join('\n', await StatementLog.PlansAsync(database, log.Take()));
        plan.ShouldContain($"Index Scan using mt_events_m{ThisMonth:yyyyMM}_pkey");
        plan.ShouldNotContain("Bitmap");
    }

    [Fact]
    public async Task a_late_event_for_a_sealed_month_is_in_the_next_page()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        await database.FillMonthsAsync(store, perMonth: 10);
        foreach (var month in new[] { 0, 1, 2 })
            await database.SealAsync($"mt_events_m{ThisMonth.AddMonths(month):yyyyMM}");
        (await store.ReadPageAsync(0)).Events.Count.ShouldBe(40);

        var late = await new PostgresEventStore(database.DataSource).AppendAsync(
            Guid.NewGuid(), ExpectedVersion.Any, [Parcel.ScannedAt(ThisMonth.AddMonths(1).AddDays(3))]);

        (await store.ReadPageAsync(40)).Events.ShouldHaveSingleItem().Sequence.ShouldBe(late.Sequences[0]);
        (await store.ReadPageAsync(0)).Events.Count.ShouldBe(41);
    }

    [Fact]
    public async Task events_of_1970_and_2099_are_in_the_pages_too()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        await database.FillMonthsAsync(store, perMonth: 5);
        await database.SealAsync("mt_events_head");
        (await store.ReadPageAsync(0)).Events.Count.ShouldBe(20);

        await store.AppendAsync(Guid.NewGuid(), ExpectedVersion.Any,
            [Parcel.ScannedAt(DateTimeOffset.UnixEpoch),
                Parcel.ScannedAt(new DateTimeOffset(2099, 1, 1, 0, 0, 0, default))]);

        (await store.ReadPageAsync(20)).Events.Select(found => found.Sequence).ShouldBe([21, 22]);
    }

    [Fact]
    public async Task a_reader_without_rights_on_the_partitions_reads_pages_of_the_parent()
    {
        await using var database = await StoreDatabase.CreateAsync();
        await database.FillMonthsAsync(new PostgresEventStore(database.DataSource), perMonth: 5);
        await using var reader = await LimitedRole.CreateAsync(database, "SELECT ON mt_events, mt_partition_epoch");
        var store = new PostgresEventStore(reader.DataSource);

        (await store.ReadPageAsync(3, 10)).Events.Select(found => found.Sequence)
            .ShouldBe(Enumerable.Range(4, 10).Select(sequence => (long)sequence));
    }

    [Fact]
    public async Task a_page_holds_between_1_and_10_000_events()
    {
        await using var source = NpgsqlDataSource.Create("Host=nowhere");
        var store = new PostgresEventStore(source);

        await Should.ThrowAsync<ArgumentOutOfRangeException>(store.ReadPageAsync(0, 0));
        var refused = await Should.ThrowAsync<ArgumentOutOfRangeException>(store.ReadPageAsync(0, 10_001));
        refused.Message.ShouldStartWith("The page size is 10001. Allowed: 1 to 10000.");
    }
}
