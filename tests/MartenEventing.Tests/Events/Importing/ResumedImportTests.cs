using System.IO.Compression;
using MartenEventing.Events;
using MartenEventing.LocalPostgres;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Importing;
using MartenEventing.Tests.Guard;
using Npgsql;

namespace MartenEventing.Tests.Events.Importing;

public sealed class ResumedImportTests
{
    [Fact]
    public async Task the_same_input_is_imported_once()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var lines = EventLines.Shuffled(100, streams: 10, years: 1);

        await store.ImportAsync(EventLines.Text(lines));
        var second = await store.ImportAsync(EventLines.Text(lines));

        (second.Events, second.Lines, second.LinesDoneBefore).ShouldBe((0, 100, 100));
        await store.DataSource.ShouldHoldLinesAsync(100);
    }

    [Fact]
    public async Task a_restart_imports_it_once_more()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var lines = EventLines.Shuffled(100, streams: 10, years: 1);

        await store.ImportAsync(EventLines.Text(lines));
        var second = await store.ImportAsync(EventLines.Text(lines), new ImportOptions { Restart = true });

        (second.Events, second.LinesDoneBefore, second.NewStreams).ShouldBe((100, 0, 0));
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(200);
        await store.DataSource.ShouldHaveVersionsInOrderAsync();
    }

    [Fact]
    public async Task a_named_source_goes_on_with_what_was_added_to_it()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var lines = EventLines.Shuffled(100, streams: 10, years: 1);

        await store.ImportAsync(EventLines.Text(lines[..70]), new ImportOptions { Source = "daily" });
        var second = await store.ImportAsync(EventLines.Gzip(lines), new ImportOptions { Source = "daily" });

        (second.Events, second.Source).ShouldBe((30, "daily"));
        await store.DataSource.ShouldHoldLinesAsync(100);
    }

    [Fact]
    public async Task an_input_that_cannot_seek_is_nobodys_continuation()
    {
        await using var store = await StoreDatabase.CreateAsync();

        for (var i = 0; i < 2; i++)
            await store.ImportAsync(
                new GZipStream(EventLines.Gzip(EventLines.Line("a", 1)), CompressionMode.Decompress));

        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(2);
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_import_progress")).ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(9)]
    public async Task a_cancelled_import_goes_on_behind_its_last_batch(int batches)
    {
        await using var store = await StoreDatabase.CreateAsync();
        var lines = EventLines.Shuffled(1000, streams: 10, years: 1);
        using var cancellation = new CancellationTokenSource();
        var progress = new After(batches, cancellation.Cancel);
        var options = new ImportOptions { BatchSize = 50, Progress = progress };

        await Should.ThrowAsync<OperationCanceledException>(
            new EventImporter(store.DataSource).ImportAsync(EventLines.Text(lines), options, cancellation.Token));
        var report = await store.ImportAsync(EventLines.Text(lines));

        report.LinesDoneBefore.ShouldBe(progress.Lines);
        await store.DataSource.ShouldHoldLinesAsync(1000);
    }

    [Fact]
    public async Task an_import_survives_the_loss_of_its_connections_whenever_they_are_lost()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var proxy = LossyProxy.To(store.ConnectionString);
        var importer = new EventImporter(
            proxy.DataSource, new EventStoreOptions { Retries = 20, RetryDelay = TimeSpan.FromMilliseconds(1) });
        var options = new ImportOptions { BatchSize = 20, Progress = new After(1, proxy.LoseNextReply, always: true) };

        await importer.ImportAsync(EventLines.Text(EventLines.Shuffled(1000, streams: 10, years: 1)), options);

        proxy.Lost.ShouldBeGreaterThan(10);
        await store.DataSource.ShouldHoldLinesAsync(1000, interrupted: true);
    }

    [Fact]
    public async Task an_import_survives_that_the_server_ends_its_sessions()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var administrator = await store.DataSource.OpenConnectionAsync();
        void End() => administrator.RunAsync(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            + "WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()")
            .GetAwaiter().GetResult();
        var options = new ImportOptions { BatchSize = 50, Progress = new After(3, End, always: true) };

        await new EventImporter(store.DataSource, new EventStoreOptions { RetryDelay = TimeSpan.FromMilliseconds(1) })
            .ImportAsync(EventLines.Text(EventLines.Shuffled(1000, streams: 10, years: 1)), options);

        await store.DataSource.ShouldHoldLinesAsync(1000, interrupted: true);
    }

    [Theory]
    [InlineData(StreamIdentity.Guid)]
    [InlineData(StreamIdentity.String)]
    public async Task a_batch_of_which_only_half_was_stored_is_completed(StreamIdentity identity)
    {
        await using var store = await StoreDatabase.CreateAsync(identity);
        await EndSessionsBetweenHalvesAsync(store, times: 7);
        var lines = EventLines.Shuffled(1000, streams: 40, years: 1);

        await new EventImporter(store.DataSource, new EventStoreOptions { RetryDelay = TimeSpan.FromMilliseconds(1) })
            .ImportAsync(EventLines.Text(lines), new ImportOptions { BatchSize = 100 });

        (await store.ScalarAsync<long>("SELECT last_value FROM ends")).ShouldBeGreaterThan(7);
        await store.DataSource.ShouldHoldLinesAsync(1000, interrupted: true);
        (await store.ScalarAsync<long>("SELECT lines FROM mt_import_progress")).ShouldBe(1000);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(150)]
    [InlineData(5000)]
    public async Task an_import_of_other_batches_goes_on_behind_half_a_batch(int batchSize)
    {
        await using var store = await StoreDatabase.CreateAsync();
        await EndSessionsBetweenHalvesAsync(store, times: 3);
        var lines = EventLines.Shuffled(1000, streams: 40, years: 1);
        var importer = new EventImporter(store.DataSource, new EventStoreOptions { Retries = 0 });

        for (var attempt = 0; attempt < 10; attempt++)
        {
            try
            {
                await importer.ImportAsync(
                    EventLines.Text(lines), new ImportOptions { BatchSize = attempt == 0 ? 100 : batchSize });
                break;
            }
            catch (NpgsqlException)
            {
                (await store.ScalarAsync<long>("SELECT count(*) FROM mt_import_progress WHERE source LIKE '% below %'"))
                    .ShouldBeGreaterThan(0);
            }
        }

        await store.DataSource.ShouldHoldLinesAsync(1000, interrupted: true);
    }

    [Fact]
    public async Task nothing_is_lost_or_doubled_when_the_server_crashes()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await new SchemaMigrator(source, new SchemaOptions()).ApplyAsync();
        var lines = EventLines.Shuffled(20_000, streams: 500, years: 3);
        var crash = Task.CompletedTask;
        var options = new ImportOptions { BatchSize = 500, Progress = new After(10, () => crash = CrashAsync(server)) };

        var import = new EventImporter(
            source, new EventStoreOptions { Retries = 20, RetryDelay = TimeSpan.FromMilliseconds(200) })
            .ImportAsync(EventLines.Gzip(lines), options);
        (await import).Events.ShouldBe(20_000);
        await crash;

        await source.ShouldHoldLinesAsync(20_000, interrupted: true);
        (await source.MisplacedAsync()).ShouldBeEmpty();
    }

    /// <summary>Ends the session that completes a batch, so many times.</summary>
    private static Task EndSessionsBetweenHalvesAsync(StoreDatabase store, int times) => store.ExecuteAsync(
        $"""
         CREATE SEQUENCE ends;
         CREATE FUNCTION end_session() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN
             IF nextval('public.ends') <= {times} THEN
                 PERFORM pg_terminate_backend(pg_backend_pid());
             END IF;
             RETURN OLD;
         END $$;
         CREATE TRIGGER ends BEFORE DELETE ON mt_import_progress FOR EACH ROW EXECUTE FUNCTION end_session();
         """);

    private static async Task CrashAsync(LocalServer server)
    {
        await server.CrashAsync();
        await server.RestartAsync();
    }

    /// <summary>Does something after so many batches: once, or after every further batch too.</summary>
    private sealed class After(int batches, Action act, bool always = false) : IProgress<ImportProgress>
    {
        private int _left = batches;

        public long Lines { get; private set; }

        public void Report(ImportProgress value)
        {
            Lines = value.Lines;
            if (--_left == 0 || always && _left < 0)
                act();
        }
    }

}
