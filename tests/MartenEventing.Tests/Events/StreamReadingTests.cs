using MartenEventing.Events;
using MartenEventing.Schema;
using MartenEventing.Tests.Guard;

namespace MartenEventing.Tests.Events;

public sealed class StreamReadingTests
{
    [Theory]
    [InlineData(StoreLayout.Partitioned, StreamIdentity.Guid, EventTenancy.Single)]
    [InlineData(StoreLayout.Partitioned, StreamIdentity.String, EventTenancy.Single)]
    [InlineData(StoreLayout.Plain, StreamIdentity.Guid, EventTenancy.Single)]
    [InlineData(StoreLayout.Partitioned, StreamIdentity.Guid, EventTenancy.Conjoined)]
    [InlineData(StoreLayout.Partitioned, StreamIdentity.String, EventTenancy.Conjoined)]
    [InlineData(StoreLayout.Plain, StreamIdentity.Guid, EventTenancy.Conjoined)]
    public async Task versions_over_many_months_read_as_from_one_table_in_any_range_and_order(
        StoreLayout layout, StreamIdentity identity, EventTenancy tenancy)
    {
        await using var database = await StoreDatabase.CreateAsync(identity, layout, tenancy: tenancy);
        PostgresEventStore[] writers = tenancy == EventTenancy.Single
            ? [new PostgresEventStore(database.DataSource)]
            : [new PostgresEventStore(database.DataSource), database.StoreOf("other")];
        var store = writers[0];
        var stream = identity == StreamIdentity.Guid ? new StreamId(Guid.NewGuid()) : "parcel 7";
        var random = new Random(7);
        for (var i = 0; i < 10 * writers.Length; i++)
            await writers[i % writers.Length].AppendAsync(
                stream, ExpectedVersion.Any, [.. Enumerable.Range(0, 20).Select(_ =>
                Parcel.ScannedAt(DateTimeOffset.UtcNow.AddDays(random.Next(-60, 200)), $"depot {random.Next(100)}"))]);
        var expected = await database.ColumnAsync<long>(
            "SELECT seq_id FROM mt_events WHERE tenant_id = '*DEFAULT*' ORDER BY version");

        (long, long)[] ranges = [(1, long.MaxValue), (1, 200), (17, 63), (100, 100), (150, 1000), (201, 300), (5, 4)];
        foreach (var (from, to) in ranges)
        {
            var part = expected.Skip((int)from - 1).Take((int)Math.Max(0, Math.Min(to, 200) - from + 1)).ToList();
            var unfamiliar = new PostgresEventStore(database.DataSource, new EventStoreOptions { ChunkSize = 30 });
            foreach (var reader in new[] { unfamiliar, unfamiliar, store })
            {
                (await reader.LoadStreamAsync(stream, from, to)).Select(read => read.Sequence).ShouldBe(part);
                (await reader.ReadStreamAsync(stream, from, to).Select(read => read.Sequence).ToListAsync())
                    .ShouldBe(part);
                (await reader.ReadStreamAsync(stream, from, to, ReadDirection.Backwards).Select(read => read.Sequence)
                    .ToListAsync())
                    .ShouldBe(Enumerable.Reverse(part));
                (await reader.LoadStreamAsync(stream, from, to, ReadDirection.Backwards)).Select(read => read.Sequence)
                    .ShouldBe(Enumerable.Reverse(part));
            }
        }
    }

    [Fact]
    public async Task an_event_reads_back_as_it_was_appended()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        var given = new NewEvent("parcel_delivered", """{"door": "blue"}""")
        {
            Timestamp = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.FromHours(2)),
            DotNetType = "Parcels.ParcelDelivered, Parcels",
            CorrelationId = "correlation",
            CausationId = "causation",
            UserName = "user",
            Headers = """{"device": "scanner 7"}""",
        };
        StreamId stream = Guid.CreateVersion7();
        var appended = await store.AppendAsync(stream, ExpectedVersion.NoStream, [given]);

        var read = (await store.LoadStreamAsync(stream)).ShouldHaveSingleItem();

        read.ShouldBe(new StoredEvent
        {
            Sequence = appended.Sequences[0],
            Id = given.Id,
            Stream = stream,
            Version = 1,
            Type = given.Type,
            Timestamp = given.Timestamp.Value,
            Data = given.Data,
            DotNetType = given.DotNetType,
            CorrelationId = given.CorrelationId,
            CausationId = given.CausationId,
            UserName = given.UserName,
            Headers = given.Headers,
            IsArchived = false,
            TenantId = "*DEFAULT*",
        });
    }

    [Theory]
    [InlineData(StoreLayout.Partitioned)]
    [InlineData(StoreLayout.Plain)]
    public async Task a_stream_that_is_not_there_has_no_events_and_no_state(StoreLayout layout)
    {
        await using var database = await StoreDatabase.CreateAsync(layout: layout);
        var store = new PostgresEventStore(database.DataSource);

        (await store.LoadStreamAsync(Guid.NewGuid())).ShouldBeEmpty();
        (await store.ReadStreamAsync(Guid.NewGuid()).ToListAsync()).ShouldBeEmpty();
        (await store.ReadStreamAsync(Guid.NewGuid(), direction: ReadDirection.Backwards).ToListAsync()).ShouldBeEmpty();
        (await store.GetStreamAsync(Guid.NewGuid())).ShouldBeNull();
    }

    [Fact]
    public async Task the_state_of_a_stream_is_told_without_its_events()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        StreamId stream = Guid.NewGuid();
        await store.AppendAsync(
            [new StreamAppend(stream, ExpectedVersion.NoStream, Parcel.Scans(3)) { StreamType = "parcel" }]);

        var state = await store.GetStreamAsync(stream);

        state.ShouldNotBeNull();
        (state.Stream, state.Version, state.Type, state.IsArchived).ShouldBe((stream, 3, "parcel", false));
    }

    [Theory]
    [InlineData(StoreLayout.Partitioned)]
    [InlineData(StoreLayout.Plain)]
    public async Task a_stream_of_100_000_events_is_read_a_chunk_at_a_time(StoreLayout layout)
    {
        await using var database = await StoreDatabase.CreateAsync(layout: layout);
        using var log = new StatementLog();
        await using var source = log.DataSource(database.ConnectionString);
        StreamId stream = Guid.NewGuid();
        await database.ExecuteAsync(
            $"""
             INSERT INTO mt_streams (id, version) VALUES ('{stream}', 100000);
             INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
             SELECT n, gen_random_uuid(), '{stream}', n, '1', 'parcel_scanned', now() + n * interval '1 minute'
               FROM generate_series(1, 100000) n
             """);
        var store = new PostgresEventStore(source, new EventStoreOptions { ChunkSize = 5000 });

        var versions = await store.ReadStreamAsync(stream).Select(read => read.Version).ToListAsync();
        log.Take();
        var last = await store.ReadStreamAsync(stream, direction: ReadDirection.Backwards).FirstAsync();
        var chunksForTheLast = log.Take().Count;
        var backwards = await store.ReadStreamAsync(stream, direction: ReadDirection.Backwards)
            .Select(read => read.Version).ToListAsync();

        versions.ShouldBe(Enumerable.Range(1, 100_000).Select(version => (long)version));
        last.Version.ShouldBe(100_000);
        chunksForTheLast.ShouldBe(2, "the lowest chunk, which tells how long the stream is, and the highest");
        backwards.ShouldBe(Enumerable.Range(1, 100_000).Select(version => (long)version).Reverse());
        (await store.ReadStreamAsync(stream, 49_999, 50_002).Select(read => read.Version).ToListAsync())
            .ShouldBe([49_999, 50_000, 50_001, 50_002]);
    }

    [Fact]
    public async Task a_stream_of_which_events_were_removed_is_read_with_its_gaps()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        StreamId stream = Guid.NewGuid();
        await store.AppendAsync(stream, ExpectedVersion.NoStream, Parcel.Scans(10));
        await database.ExecuteAsync("DELETE FROM mt_events WHERE version IN (1, 2, 5, 10)");

        foreach (var reader in new[] { store, new PostgresEventStore(database.DataSource), store })
            (await reader.LoadStreamAsync(stream)).Select(read => read.Version).ShouldBe([3, 4, 6, 7, 8, 9]);
    }

    [Fact]
    public async Task a_reader_beside_a_writer_always_sees_a_beginning_of_the_stream()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var writing = new PostgresEventStore(database.DataSource);
        var reading = new PostgresEventStore(database.DataSource, new EventStoreOptions { ChunkSize = 7 });
        StreamId stream = Guid.NewGuid();
        var random = new Random(1);
        var writer = Task.Run(async () =>
        {
            for (var i = 0; i < 150; i++)
                await writing.AppendAsync(stream, ExpectedVersion.Any,
                    [Parcel.ScannedAt(DateTimeOffset.UtcNow.AddDays(random.Next(0, 100))), Parcel.Scanned()]);
        });

        var seen = 0;
        while (!writer.IsCompleted || seen < 300)
        {
            var whole = await reading.LoadStreamAsync(stream);
            whole.Select(read => read.Version)
                .ShouldBe(Enumerable.Range(1, whole.Count).Select(version => (long)version));
            whole.Count.ShouldBeGreaterThanOrEqualTo(seen);
            var streamed = await reading.ReadStreamAsync(stream).CountAsync();
            streamed.ShouldBeGreaterThanOrEqualTo(whole.Count);
            seen = streamed;
        }

        await writer;
    }
}
