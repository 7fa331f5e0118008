using MartenEventing.Events;
using MartenEventing.Schema;

namespace MartenEventing.Tests.Events;

public sealed class AppendingTests
{
    public sealed record ParcelDelivered(string Door, int Attempts);

    [Theory]
    [InlineData(StoreLayout.Partitioned)]
    [InlineData(StoreLayout.Plain)]
    public async Task a_stream_grows_by_what_is_appended_and_tells_versions_and_sequences(StoreLayout layout)
    {
        await using var database = await StoreDatabase.CreateAsync(layout: layout);
        var store = new PostgresEventStore(database.DataSource);
        var stream = Guid.CreateVersion7();

        var first = await store.AppendAsync(stream, ExpectedVersion.NoStream, Parcel.Scans(2));
        var second = await store.AppendAsync(stream, 2, Parcel.Scans(3));
        var third = await store.AppendAsync(stream, ExpectedVersion.Any, Parcel.Scans(1));

        (first.FirstVersion, first.Version).ShouldBe((1, 2));
        (second.FirstVersion, second.Version).ShouldBe((3, 5));
        (third.FirstVersion, third.Version).ShouldBe((6, 6));
        var stored = await database.ColumnAsync<long>(
            "SELECT seq_id FROM mt_events WHERE stream_id = $1 ORDER BY version", stream);
        stored.ShouldBe([.. first.Sequences, .. second.Sequences, .. third.Sequences]);
    }

    [Fact]
    public async Task numbers_come_from_the_sequence_that_is_there_even_if_it_was_made_anew()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        for (var i = 0; i < 10; i++)
            await store.AppendAsync(Guid.NewGuid(), ExpectedVersion.NoStream, Parcel.Scans(2));

        await database.ExecuteAsync("DROP SEQUENCE mt_events_sequence; CREATE SEQUENCE mt_events_sequence START 1001");

        (await store.AppendAsync(Guid.NewGuid(), ExpectedVersion.NoStream, Parcel.Scans(2))).Sequences
            .ShouldBe([1001, 1002]);
    }

    [Fact]
    public async Task everything_told_of_an_event_is_stored()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        var given = NewEvent.From(new ParcelDelivered("blue", 2)) with
        {
            Timestamp = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.FromHours(2)),
            CorrelationId = "correlation",
            CausationId = "causation",
            UserName = "user",
            Headers = """{"device": "scanner 7"}""",
        };

        await store.AppendAsync(Guid.CreateVersion7(), ExpectedVersion.NoStream, [given]);

        var row = await database.ScalarAsync<string>(
            """
            SELECT concat_ws('|', id, type, mt_dotnet_type, data, timestamp AT TIME ZONE 'UTC', correlation_id,
                             causation_id, user_name, headers, tenant_id, is_archived) FROM mt_events
            """);
        row.ShouldBe(
            $"{given.Id}|parcel_delivered|MartenEventing.Tests.Events.AppendingTests+ParcelDelivered, "
            + """MartenEventing.Tests|{"door": "blue", "attempts": 2}|2026-11-20 10:00:00|correlation|causation|user|"""
            + """{"device": "scanner 7"}|*DEFAULT*|f""");
    }

    [Fact]
    public async Task an_event_without_a_time_gets_the_clock_of_the_database()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource, clock: new TestClock(DateTimeOffset.UnixEpoch));

        await store.AppendAsync(Guid.CreateVersion7(), ExpectedVersion.Any, [Parcel.Scanned()]);

        (await database.ScalarAsync<bool>("SELECT now() - timestamp BETWEEN '0' AND '1 minute' FROM mt_events"))
            .ShouldBeTrue();
    }

    [Fact]
    public async Task a_conflict_tells_the_stream_what_was_expected_and_what_is_there()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.WithoutErrorDetail());
        var stream = Guid.CreateVersion7();
        await store.AppendAsync(stream, ExpectedVersion.NoStream, Parcel.Scans(5));

        var behind =
            await Should.ThrowAsync<StreamVersionConflictException>(store.AppendAsync(stream, 4, Parcel.Scans(1)));
        var present = await Should.ThrowAsync<StreamVersionConflictException>(
            store.AppendAsync(stream, ExpectedVersion.NoStream, Parcel.Scans(1)));
        var missing = await Should.ThrowAsync<StreamVersionConflictException>(
            store.AppendAsync(Guid.CreateVersion7(), 3, Parcel.Scans(1)));

        (behind.Stream, behind.Expected, behind.Actual).ShouldBe((stream, 4, 5));
        behind.Message.ShouldStartWith($"Stream {stream} is at version 5, expected version 4.");
        present.Actual.ShouldBe(5);
        missing.Actual.ShouldBe(0);
        (await database.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(5);
        (await database.ScalarAsync<long>("SELECT last_value FROM mt_events_sequence"))
            .ShouldBe(5, "a conflict leaves no gap");
    }

    [Fact]
    public async Task a_version_that_raw_sql_took_behind_the_back_of_a_plain_store_is_a_conflict()
    {
        await using var database = await StoreDatabase.CreateAsync(layout: StoreLayout.Plain);
        var store = new PostgresEventStore(database.DataSource);
        var stream = Guid.CreateVersion7();
        await store.AppendAsync(stream, ExpectedVersion.NoStream, Parcel.Scans(1));
        await database.ExecuteAsync("UPDATE mt_streams SET version = 0");

        var conflict = await Should.ThrowAsync<StreamVersionConflictException>(
            store.AppendAsync(stream, ExpectedVersion.Any, Parcel.Scans(1)));

        (conflict.Stream, conflict.Actual).ShouldBe((stream, 0));
    }

    [Fact]
    public async Task an_archived_stream_takes_no_more_events()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.WithoutErrorDetail());
        var stream = Guid.CreateVersion7();
        await store.AppendAsync(stream, ExpectedVersion.NoStream, Parcel.Scans(1));
        await database.ExecuteAsync("UPDATE mt_streams SET is_archived = true");

        var refused = await Should.ThrowAsync<StreamArchivedException>(
            store.AppendAsync(stream, ExpectedVersion.Any, Parcel.Scans(1)));

        refused.Stream.ShouldBe(stream);
    }

    [Fact]
    public async Task the_type_of_a_new_stream_is_kept()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);

        await store.AppendAsync(
            [new StreamAppend(Guid.CreateVersion7(), ExpectedVersion.Any, Parcel.Scans(1)) { StreamType = "parcel" }]);

        (await database.ScalarAsync<string>("SELECT type FROM mt_streams")).ShouldBe("parcel");
    }

    [Theory]
    [InlineData("", "{}", "its Type is empty.")]
    [InlineData("parcel_scanned", "", "its Data is empty. An event without data has the body {}.")]
    [InlineData("parcel_scanned", "{", "its Data is not JSON:")]
    [InlineData("parcel_scanned", """["\u0000"]""", @"its Data holds \u0000, which PostgreSQL does not store.")]
    [InlineData("parcel\0scanned", "{}", "one of its texts holds the character U+0000")]
    public async Task an_event_that_cannot_be_stored_is_told_by_its_place(string type, string data, string reason)
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        var stream = Guid.CreateVersion7();

        var refused = await Should.ThrowAsync<InvalidEventException>(
            store.AppendAsync(stream, ExpectedVersion.Any, [Parcel.Scanned(), new NewEvent(type, data)]));

        (refused.Stream, refused.Index).ShouldBe((stream, 1));
        refused.Reason.ShouldStartWith(reason);
        (await database.ScalarAsync<long>("SELECT count(*) FROM mt_streams")).ShouldBe(0);
    }

    [Fact]
    public async Task a_database_without_the_functions_is_told_with_the_command_that_helps()
    {
        await using var database = await StoreDatabase.CreateAsync();
        await database.ExecuteAsync("DROP FUNCTION mt_append_to_stream");
        var store = new PostgresEventStore(database.DataSource);

        var error = await Should.ThrowAsync<EventStoreSchemaException>(
            store.AppendAsync(Guid.CreateVersion7(), ExpectedVersion.Any, Parcel.Scans(1)));

        error.SchemaName.ShouldBe("public");
        error.Message.ShouldContain("mt_append_to_stream");
        error.Message.ShouldContain("marten-eventing db apply");
    }

    [Fact]
    public async Task a_cancelled_append_ends_at_once()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);

        await Should.ThrowAsync<OperationCanceledException>(
            store.AppendAsync(
                Guid.CreateVersion7(), ExpectedVersion.Any, Parcel.Scans(1), new CancellationToken(true)));
    }
}
