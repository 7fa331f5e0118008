using MartenEventing.Events;
using MartenEventing.LocalPostgres;
using MartenEventing.Schema;
using MartenEventing.Tests.Guard;
using Npgsql;

namespace MartenEventing.Tests.Events;

public sealed class RetriedAppendTests
{
    [Theory]
    [InlineData(false, EventTenancy.Single)]
    [InlineData(true, EventTenancy.Single)]
    [InlineData(false, EventTenancy.Conjoined)]
    [InlineData(true, EventTenancy.Conjoined)]
    public async Task an_append_whose_reply_is_lost_is_stored_once_and_tells_what_was_stored(
        bool versionExpected, EventTenancy tenancy)
    {
        await using var database = await StoreDatabase.CreateAsync(tenancy: tenancy);
        await using var proxy = LossyProxy.To(database.ConnectionString);
        var store = new PostgresEventStore(proxy.DataSource);
        var stream = Guid.CreateVersion7();
        await store.AppendAsync(stream, ExpectedVersion.NoStream, Parcel.Scans(1));

        proxy.LoseNextReply();
        var result = await store.AppendAsync(stream, versionExpected ? 1 : ExpectedVersion.Any, Parcel.Scans(3));

        proxy.Lost.ShouldBe(1);
        result.Version.ShouldBe(4);
        (await database.ColumnAsync<long>("SELECT seq_id FROM mt_events WHERE version > 1 ORDER BY version"))
            .ShouldBe(result.Sequences);
        (await database.ScalarAsync<long>("SELECT version FROM mt_streams")).ShouldBe(4);
    }

    [Fact]
    public async Task an_append_to_several_streams_whose_reply_is_lost_is_stored_once()
    {
        await using var database = await StoreDatabase.CreateAsync();
        await using var proxy = LossyProxy.To(database.ConnectionString);
        var store = new PostgresEventStore(proxy.DataSource);
        StreamAppend[] Appends() =>
            [.. Enumerable.Range(1, 3)
                .Select(i => new StreamAppend(Guid.NewGuid(), ExpectedVersion.NoStream, Parcel.Scans(i)))];
        await store.AppendAsync(Appends());

        proxy.LoseNextReply();
        var results = await store.AppendAsync(Appends());

        proxy.Lost.ShouldBe(1);
        results.Select(result => result.Version).ShouldBe([1, 2, 3]);
        (await database.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(12);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_retry_first_ends_the_attempt_that_the_server_is_still_at(bool newStream)
    {
        await using var database = await StoreDatabase.CreateAsync();
        await using var proxy = LossyProxy.To(database.ConnectionString);
        var store = new PostgresEventStore(proxy.DataSource);
        var stream = Guid.CreateVersion7();
        if (!newStream)
            await store.AppendAsync(stream, ExpectedVersion.NoStream, Parcel.Scans(1));
        await using var holder = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await holder.RunAsync(newStream
            ? $"INSERT INTO mt_streams (id, version) VALUES ('{stream}', 0)"
            : "SELECT FROM mt_streams FOR UPDATE");

        var append = store.AppendAsync(stream, ExpectedVersion.Any, Parcel.Scans(2));
        await holder.WaitUntilBlockingAsync(database.DataSource);
        var left = await holder.RunAsync(
            "SELECT pid FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))");
        proxy.CutClients();
        await database.WaitUntilAsync("SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = $1", left!);
        await holder.WaitUntilBlockingAsync(database.DataSource);
        await transaction.RollbackAsync();
        var result = await append;

        result.Sequences.Count.ShouldBe(2);
        (await database.ColumnAsync<long>("SELECT version FROM mt_events ORDER BY version"))
            .ShouldBe(newStream ? [1, 2] : [1, 2, 3]);
    }

    [Fact]
    public async Task an_append_whose_backend_is_terminated_is_stored_once()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        var stream = Guid.CreateVersion7();
        await store.AppendAsync(stream, ExpectedVersion.NoStream, Parcel.Scans(1));
        await using var holder = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await holder.RunAsync("SELECT FROM mt_streams FOR UPDATE");

        var append = store.AppendAsync(stream, 1, Parcel.Scans(2));
        await holder.WaitUntilBlockingAsync(database.DataSource);
        await holder.RunAsync(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))
            """);
        await transaction.CommitAsync();

        (await append).Version.ShouldBe(3);
        (await database.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(3);
    }

    [Fact]
    public async Task no_append_is_lost_or_doubled_when_the_server_crashes()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await new SchemaMigrator(source, new SchemaOptions()).ApplyAsync();
        var store = new PostgresEventStore(
            source, new EventStoreOptions { Retries = 20, RetryDelay = TimeSpan.FromMilliseconds(200) });
        using var end = new CancellationTokenSource();
        var appended = 0;
        async Task<long> KeepAppendingAsync(StreamId stream)
        {
            var version = 0L;
            while (!end.IsCancellationRequested)
            {
                version = (await store.AppendAsync(stream, ExpectedVersion.Any, Parcel.Scans(2))).Version;
                Interlocked.Increment(ref appended);
            }

            return version;
        }

        StreamId[] streams = [.. Enumerable.Range(0, 4).Select(_ => new StreamId(Guid.NewGuid()))];
        var writers = streams.Select(KeepAppendingAsync).ToArray();
        await Condition.BecomesTrueAsync(() => appended > 200);
        await server.CrashAsync();
        await server.RestartAsync();
        var before = appended;
        await Condition.BecomesTrueAsync(() => appended > before + 200);
        await end.CancelAsync();
        var versions = await Task.WhenAll(writers);

        (await source.ColumnAsync<long>("SELECT version FROM mt_streams ORDER BY id"))
            .ShouldBe(streams.Zip(versions).OrderBy(pair => pair.First.Guid).Select(pair => pair.Second));
        (await source.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(versions.Sum());
        (await source.ScalarAsync<long>("SELECT count(DISTINCT id) FROM mt_events")).ShouldBe(versions.Sum());
        versions.Sum().ShouldBe(2 * appended);
    }
}
