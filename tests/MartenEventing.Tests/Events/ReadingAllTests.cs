using MartenEventing.Events;
using MartenEventing.Tests.Guard;
using Npgsql;

namespace MartenEventing.Tests.Events;

public sealed class ReadingAllTests
{
    private static readonly EventStoreOptions Impatient = new() { GapPatience = TimeSpan.Zero };

    [Fact]
    public async Task an_event_that_is_still_to_be_committed_is_never_passed()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource, Impatient);
        await store.AppendAsync(Guid.NewGuid(), ExpectedVersion.Any, Parcel.Scans(2));
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var slow = await connection.BeginTransactionAsync();
        await AppendAsync(connection);
        await store.AppendAsync(Guid.NewGuid(), ExpectedVersion.Any, Parcel.Scans(2));

        (await SequencesAsync(store)).ShouldBe([1, 2], "3 is under way, so 4 and 5 have to wait");
        (await store.ReadPageAsync(0)).Events.Select(found => found.Sequence).ShouldBe([1, 2, 4, 5]);
        await slow.CommitAsync();

        (await SequencesAsync(store)).ShouldBe([1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task a_reader_with_patience_waits_for_it()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(
            database.DataSource, new EventStoreOptions { GapPatience = TimeSpan.FromMinutes(1) });
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var slow = await connection.BeginTransactionAsync();
        await AppendAsync(connection);
        await store.AppendAsync(Guid.NewGuid(), ExpectedVersion.Any, Parcel.Scans(2));

        var reading = SequencesAsync(store);
        await database.WaitUntilAsync(
            """
            SELECT count(*) > 0 FROM pg_stat_activity
             WHERE query LIKE '%virtualtransaction%' AND pid <> pg_backend_pid()
            """);
        await slow.CommitAsync();

        (await reading).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task numbers_that_were_drawn_in_vain_are_no_gap()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource, Impatient);
        await database.ExecuteAsync("SELECT nextval('mt_events_sequence') FROM generate_series(1, 10)");
        await store.AppendAsync(Guid.NewGuid(), ExpectedVersion.Any, Parcel.Scans(2));
        await database.ExecuteAsync("SELECT nextval('mt_events_sequence') FROM generate_series(1, 10)");
        await store.AppendAsync(Guid.NewGuid(), ExpectedVersion.Any, Parcel.Scans(2));

        (await SequencesAsync(store)).ShouldBe([11, 12, 23, 24]);
    }

    [Fact]
    public async Task a_gap_is_passed_once_all_have_ended_who_could_have_filled_it_though_others_write_on()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource, Impatient);
        await using var first = await database.DataSource.OpenConnectionAsync();
        await using var second = await database.DataSource.OpenConnectionAsync();
        var early = await first.BeginTransactionAsync();
        await AppendAsync(first);
        await store.AppendAsync(Guid.NewGuid(), ExpectedVersion.Any, Parcel.Scans(1));
        (await SequencesAsync(store)).ShouldBeEmpty();
        await using var late = await second.BeginTransactionAsync();
        await AppendAsync(second);
        await store.AppendAsync(Guid.NewGuid(), ExpectedVersion.Any, Parcel.Scans(1));
        await early.RollbackAsync();

        (await SequencesAsync(store)).ShouldBe([2], "1 will never be; 3 is under way, so 4 has to wait");
    }

    [Fact]
    public async Task readers_beside_many_writers_that_fail_and_dawdle_miss_nothing()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        var writers = Enumerable.Range(0, 6).Select(seed => Task.Run(() => WriteAsync(database, new Random(seed))))
            .ToArray();

        var seen = new List<long>();
        var finished = false;
        while (!finished)
        {
            finished = writers.All(writer => writer.IsCompleted);
            await foreach (var found in store.ReadAllAsync(seen.LastOrDefault()))
                seen.Add(found.Sequence);
        }

        await Task.WhenAll(writers);
        seen.ShouldBe(await database.ColumnAsync<long>("SELECT seq_id FROM mt_events ORDER BY seq_id"));
    }

    private static async Task WriteAsync(StoreDatabase database, Random random)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync();
        for (var i = 0; i < 60; i++)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            for (var events = random.Next(1, 4); events > 0; events--)
                await AppendAsync(connection);
            if (random.Next(4) == 0)
                await connection.RunAsync("SELECT pg_sleep(0.02)");
            if (random.Next(3) == 0)
                await transaction.RollbackAsync();
            else
                await transaction.CommitAsync();
        }
    }

    private static Task<object?> AppendAsync(NpgsqlConnection connection) => connection.RunAsync(
        """
        SELECT sequences[1] FROM mt_append_to_stream(gen_random_uuid(), NULL, NULL, ARRAY[gen_random_uuid()],
            ARRAY['parcel_scanned'], NULL, ARRAY['{}'::jsonb], NULL, NULL, NULL, NULL, NULL, '*DEFAULT*')
        """);

    private static Task<List<long>> SequencesAsync(PostgresEventStore store) =>
        store.ReadAllAsync().Select(found => found.Sequence).ToListAsync().AsTask();
}
