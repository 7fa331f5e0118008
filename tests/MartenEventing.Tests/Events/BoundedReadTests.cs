using MartenEventing.Events;

namespace MartenEventing.Tests.Events;

public sealed class BoundedReadTests
{
    private static readonly DateTimeOffset ThisMonth =
        new(DateTime.UtcNow.Year, DateTime.UtcNow.Month, 1, 0, 0, 0, TimeSpan.Zero);

    private static string NameOf(DateTimeOffset month) => $"mt_events_m{month:yyyyMM}";

    [Fact]
    public async Task a_stream_not_seen_before_takes_two_round_trips_and_the_leaves_of_its_life()
    {
        await using var database = await StoreDatabase.CreateAsync();
        using var log = new StatementLog();
        await using var source = log.DataSource(database.ConnectionString);
        StreamId stream = Guid.NewGuid();
        await new PostgresEventStore(database.DataSource).AppendAsync(stream, ExpectedVersion.Any, Parcel.Scans(5));
        var store = new PostgresEventStore(source);
        await store.LoadStreamAsync(Guid.NewGuid());
        log.Take();

        (await store.LoadStreamAsync(stream)).Count.ShouldBe(5);

        var statements = log.Take();
        statements.Count.ShouldBe(2);
        var life = await database.ColumnAsync<string>(
            """
            SELECT name FROM mt_partitions(), mt_streams s
             WHERE lower_bound <= s.timestamp + interval '10 minutes'
               AND upper_bound > s.created - interval '10 minutes' ORDER BY name
            """);
        (await StatementLog.LeavesAsync(database, statements)).ShouldBe(life);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(4)]
    public async Task a_stream_named_by_a_uuid_that_tells_its_time_takes_one_round_trip_unless_it_lived_on(int kind)
    {
        await using var database = await StoreDatabase.CreateAsync();
        using var log = new StatementLog();
        await using var source = log.DataSource(database.ConnectionString);
        var writing = new PostgresEventStore(database.DataSource);
        var reading = new PostgresEventStore(source);
        await reading.LoadStreamAsync(Guid.NewGuid());
        StreamId stream = Timed(kind);
        StreamId longLived = Timed(kind);
        await writing.AppendAsync(stream, ExpectedVersion.Any, Parcel.Scans(5));
        await writing.AppendAsync(
            longLived, ExpectedVersion.Any, [Parcel.Scanned(), Parcel.ScannedAt(ThisMonth.AddMonths(3))]);
        log.Take();

        (await reading.LoadStreamAsync(stream)).Count.ShouldBe(5);
        log.Take().Count.ShouldBe(1);
        (await reading.LoadStreamAsync(longLived)).Count.ShouldBe(2);
        log.Take().Count.ShouldBe(2);
        (await reading.LoadStreamAsync(Timed(kind))).ShouldBeEmpty();
        log.Take().Count.ShouldBe(1);
    }

    /// <summary>A UUIDv7 or, with the version nibble 4, what Marten makes of one.</summary>
    private static Guid Timed(int kind)
    {
        var bytes = Guid.CreateVersion7().ToByteArray(bigEndian: true);
        bytes[6] = (byte)((bytes[6] & 0x0F) | (kind << 4));
        return new Guid(bytes, bigEndian: true);
    }

    [Fact]
    public async Task a_stream_seen_before_takes_one_round_trip_and_the_leaves_that_hold_the_versions_asked_for()
    {
        await using var database = await StoreDatabase.CreateAsync();
        using var log = new StatementLog();
        await using var source = log.DataSource(database.ConnectionString);
        StreamId stream = Guid.NewGuid();
        await new PostgresEventStore(database.DataSource).AppendAsync(stream, ExpectedVersion.Any,
            [Parcel.ScannedAt(ThisMonth.AddDays(40)), Parcel.ScannedAt(ThisMonth.AddDays(40)),
                Parcel.ScannedAt(ThisMonth.AddDays(100)),
             Parcel.ScannedAt(ThisMonth.AddYears(90))]);
        var store = new PostgresEventStore(source);
        await store.LoadStreamAsync(stream);
        log.Take();

        (await store.LoadStreamAsync(stream)).Count.ShouldBe(4);
        var all = log.Take();
        (await store.LoadStreamAsync(stream, 1, 2)).Count.ShouldBe(2);
        var some = log.Take();

        all.Count.ShouldBe(1);
        (await StatementLog.LeavesAsync(database, all))
            .ShouldBe([NameOf(ThisMonth.AddMonths(1)), NameOf(ThisMonth.AddMonths(3)), "mt_events_tail"]);
        some.Count.ShouldBe(1);
        (await StatementLog.LeavesAsync(database, some)).ShouldBe([NameOf(ThisMonth.AddMonths(1))]);
    }

    [Fact]
    public async Task a_stream_that_this_store_appended_to_is_seen()
    {
        await using var database = await StoreDatabase.CreateAsync();
        using var log = new StatementLog();
        await using var source = log.DataSource(database.ConnectionString);
        var store = new PostgresEventStore(source);
        await store.LoadStreamAsync(Guid.NewGuid());
        StreamId stream = Guid.NewGuid();
        await store.AppendAsync(stream, ExpectedVersion.NoStream, Parcel.Scans(2));
        await store.AppendAsync(stream, 2, [Parcel.ScannedAt(ThisMonth.AddDays(40))]);
        log.Take();

        (await store.LoadStreamAsync(stream)).Count.ShouldBe(3);

        log.Take().Count.ShouldBe(1);
    }

    [Fact]
    public async Task what_others_append_elsewhere_is_found()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var mine = new PostgresEventStore(database.DataSource);
        var theirs = new PostgresEventStore(database.DataSource);
        StreamId stream = Guid.NewGuid();
        await mine.AppendAsync(stream, ExpectedVersion.NoStream, Parcel.Scans(2));
        (await mine.LoadStreamAsync(stream)).Count.ShouldBe(2);

        await theirs.AppendAsync(
            stream, 2, [Parcel.ScannedAt(ThisMonth.AddMonths(2)), Parcel.ScannedAt(DateTimeOffset.UnixEpoch)]);

        (await mine.LoadStreamAsync(stream)).Select(read => read.Version).ShouldBe([1, 2, 3, 4]);
        (await mine.LoadStreamAsync(stream, 4)).Select(read => read.Version).ShouldBe([4]);
    }

    [Fact]
    public async Task events_far_from_the_life_of_their_stream_are_found()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        StreamId stream = Guid.NewGuid();
        var same = DateTimeOffset.UtcNow;
        DateTimeOffset[] times =
            [same, same, new(2099, 1, 1, 0, 0, 0, default), DateTimeOffset.UnixEpoch, same, ThisMonth.AddMonths(2)];
        foreach (var time in times)
            await store.AppendAsync(stream, ExpectedVersion.Any, [Parcel.ScannedAt(time)]);

        foreach (var reader in new[] { store, new PostgresEventStore(database.DataSource) })
        {
            var read = await reader.LoadStreamAsync(stream);
            read.Select(found => found.Version).ShouldBe([1, 2, 3, 4, 5, 6]);
            read.Zip(times)
                .ShouldAllBe(pair => (pair.First.Timestamp - pair.Second).Duration() < TimeSpan.FromMicroseconds(1));
        }
    }

    [Fact]
    public async Task a_late_event_for_a_sealed_month_is_found()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        StreamId stream = Guid.NewGuid();
        await store.AppendAsync(
            stream, ExpectedVersion.Any, [Parcel.Scanned(), Parcel.ScannedAt(ThisMonth.AddMonths(1))]);
        await database.SealAsync(NameOf(ThisMonth.AddMonths(1)));
        (await store.LoadStreamAsync(stream)).Count.ShouldBe(2);

        await store.AppendAsync(stream, 2, [Parcel.ScannedAt(ThisMonth.AddMonths(1))]);

        (await store.LoadStreamAsync(stream)).Count.ShouldBe(3);
        (await new PostgresEventStore(database.DataSource).LoadStreamAsync(stream)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task a_partition_that_was_detached_is_not_read_any_more()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        StreamId stream = Guid.NewGuid();
        await store.AppendAsync(
            stream, ExpectedVersion.Any, [Parcel.Scanned(), Parcel.ScannedAt(ThisMonth.AddMonths(2))]);
        (await store.LoadStreamAsync(stream)).Count.ShouldBe(2);

        await database.ExecuteAsync($"ALTER TABLE mt_events DETACH PARTITION {NameOf(ThisMonth.AddMonths(2))}");

        (await store.LoadStreamAsync(stream)).Select(read => read.Version).ShouldBe([1]);
    }

    [Fact]
    public async Task a_reader_without_rights_on_the_partitions_reads_the_parent()
    {
        await using var database = await StoreDatabase.CreateAsync();
        StreamId stream = Guid.NewGuid();
        await new PostgresEventStore(database.DataSource).AppendAsync(stream, ExpectedVersion.Any, Parcel.Scans(3));
        await using var reader = await LimitedRole.CreateAsync(
            database, "SELECT ON mt_events, mt_streams, mt_stream_bounds, mt_partition_epoch");
        var store = new PostgresEventStore(reader.DataSource);

        (await store.LoadStreamAsync(stream)).Count.ShouldBe(3);
        (await store.LoadStreamAsync(stream, 2, 2)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task forgotten_streams_are_read_all_the_same()
    {
        await using var database = await StoreDatabase.CreateAsync();
        foreach (var remembered in new[] { 0, 1, 4 })
        {
            var store =
                new PostgresEventStore(database.DataSource, new EventStoreOptions { RememberedStreams = remembered });
            StreamId[] streams = [.. Enumerable.Range(0, 10).Select(_ => new StreamId(Guid.NewGuid()))];
            foreach (var stream in streams)
                await store.AppendAsync(stream, ExpectedVersion.NoStream, Parcel.Scans(2));

            foreach (var stream in streams.Concat(streams))
                (await store.LoadStreamAsync(stream)).Count.ShouldBe(2);
        }
    }
}
