using MartenEventing.Events;
using MartenEventing.Schema;
using MartenEventing.Tests.Guard;

namespace MartenEventing.Tests.Events;

public sealed class AppendingToSeveralStreamsTests
{
    [Theory]
    [InlineData(StoreLayout.Partitioned)]
    [InlineData(StoreLayout.Plain)]
    public async Task each_stream_gets_its_events_and_the_results_come_in_the_order_given(StoreLayout layout)
    {
        await using var database = await StoreDatabase.CreateAsync(layout: layout);
        var store = new PostgresEventStore(database.DataSource);
        var streams = Enumerable.Range(0, 20).Select(_ => Guid.NewGuid()).ToArray();
        await store.AppendAsync(streams[7], ExpectedVersion.NoStream, Parcel.Scans(4));

        var results = await store.AppendAsync(
            [.. streams.Select((stream, i) =>
                new StreamAppend(stream, i == 7 ? 4 : ExpectedVersion.NoStream, Parcel.Scans(i + 1)))]);

        results.Select(result => result.Stream).ShouldBe(streams.Select(stream => new StreamId(stream)));
        results[7].Version.ShouldBe(12);
        for (var i = 0; i < streams.Length; i++)
        {
            var stored = await database.ColumnAsync<long>(
                "SELECT seq_id FROM mt_events WHERE stream_id = $1 AND version >= $2 ORDER BY version", streams[i],
                    results[i].FirstVersion);
            stored.ShouldBe(results[i].Sequences);
            stored.Count.ShouldBe(i + 1);
        }
    }

    [Fact]
    public async Task a_conflict_in_one_stream_stores_nothing_in_any()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.WithoutErrorDetail());
        var (good, bad) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        var conflict = await Should.ThrowAsync<StreamVersionConflictException>(store.AppendAsync(
            [new StreamAppend(good, ExpectedVersion.NoStream, Parcel.Scans(1)),
                new StreamAppend(bad, 1, Parcel.Scans(1))]));

        (conflict.Stream, conflict.Expected, conflict.Actual).ShouldBe((bad, 1, 0));
        (await database.ScalarAsync<long>("SELECT count(*) FROM mt_streams")).ShouldBe(0);
        (await database.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(0);
    }

    [Fact]
    public async Task a_stream_may_be_given_once()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        var stream = Guid.CreateVersion7();

        var twice = await Should.ThrowAsync<DuplicateStreamException>(store.AppendAsync(
            [new StreamAppend(stream, ExpectedVersion.Any, Parcel.Scans(1)),
                new StreamAppend(stream, ExpectedVersion.Any, Parcel.Scans(1))]));

        twice.Stream.ShouldBe(stream);
    }

    [Theory]
    [InlineData(StreamIdentity.Guid)]
    [InlineData(StreamIdentity.String)]
    public async Task two_appends_to_the_same_streams_in_opposite_orders_never_deadlock(StreamIdentity identity)
    {
        await using var database = await StoreDatabase.CreateAsync(identity);
        var store = new PostgresEventStore(database.DataSource, new EventStoreOptions { Retries = 0 });
        StreamId[] streams = [.. Enumerable.Range(0, 3).Select(i =>
            identity == StreamIdentity.Guid ? new StreamId(Guid.NewGuid()) : new StreamId($"{(char)('b' + i)}-{i}"))];
        foreach (var stream in streams)
            await store.AppendAsync(stream, ExpectedVersion.NoStream, Parcel.Scans(1));

        // Another transaction holds the first stream in the order of ids, so both appends queue up behind it.
        await using var holder = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await holder.RunAsync("SELECT FROM mt_streams ORDER BY id LIMIT 1 FOR UPDATE");
        var forth = store.AppendAsync(
            [.. streams.Select(stream => new StreamAppend(stream, ExpectedVersion.Any, Parcel.Scans(1)))]);
        await holder.WaitUntilBlockingAsync(database.DataSource);
        var back = store.AppendAsync(
            [.. streams.Reverse().Select(stream => new StreamAppend(stream, ExpectedVersion.Any, Parcel.Scans(1)))]);
        await transaction.CommitAsync();
        await Task.WhenAll(forth, back);

        (await database.ColumnAsync<long>("SELECT version FROM mt_streams")).ShouldBe([3, 3, 3]);
    }
}
