using MartenEventing.Events;
using MartenEventing.TestSupport.Importing;
using MartenEventing.Tests.Guard;

namespace MartenEventing.Tests.Events.Importing;

public sealed class ConcurrentImportTests
{
    [Fact]
    public async Task one_source_is_imported_by_one_at_a_time()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var lines = EventLines.Shuffled(10, streams: 3, years: 1);
        await using var holder = await store.DataSource.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await holder.RunAsync("LOCK TABLE mt_streams IN EXCLUSIVE MODE");
        var first = store.ImportAsync(EventLines.Text(lines), new ImportOptions { Source = "daily" });
        await holder.WaitUntilBlockingAsync(store.DataSource);

        var error = await Should.ThrowAsync<ImportInProgressException>(
            store.ImportAsync(EventLines.Text(lines), new ImportOptions { Source = "daily" }));
        await transaction.CommitAsync();
        await first;

        error.ImportSource.ShouldBe("daily");
        await store.DataSource.ShouldHoldLinesAsync(10);
        (await store.ScalarAsync<long>(
            """
            SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
             WHERE d.datname = current_database() AND l.locktype = 'advisory'
            """)).ShouldBe(0);
    }

    [Fact]
    public async Task an_import_that_has_lost_its_claim_to_another_stores_nothing_twice()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var lines = EventLines.Shuffled(100, streams: 3, years: 1);
        var other = new ImportOptions { Source = "daily", BatchSize = 10 };
        var overtaken = false;
        void Overtake()
        {
            if (overtaken)
                return;
            overtaken = true;
            store.ExecuteAsync("UPDATE mt_import_progress SET lines = lines + 5").GetAwaiter().GetResult();
        }

        await Should.ThrowAsync<ImportInProgressException>(
            store.ImportAsync(EventLines.Text(lines), other with { Progress = new Acting(Overtake) }));

        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(10);
    }

    [Fact]
    public async Task streams_stay_gapless_when_imports_and_appends_meet_in_them()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var events = new PostgresEventStore(store.DataSource);
        StreamId[] streams = [.. Enumerable.Range(0, 20).Select(number => StreamId.FromName($"parcel-{number}"))];
        using var end = new CancellationTokenSource();
        async Task<int> KeepAppendingAsync(int seed)
        {
            var random = new Random(seed);
            var appended = 0;
            while (!end.IsCancellationRequested)
            {
                var chosen = random.GetItems(streams, 3).Distinct();
                await events.AppendAsync([.. chosen.Select(stream => new StreamAppend(
                    stream, ExpectedVersion.Any, [Parcel.ScannedAt(EventLines.Noon.AddDays(-random.Next(1000)))]))]);
                appended++;
            }

            return appended;
        }

        var writers = Enumerable.Range(1, 3).Select(KeepAppendingAsync).ToArray();
        var imports = Enumerable.Range(1, 2).Select(seed => store.ImportAsync(
            EventLines.Gzip(EventLines.Shuffled(3000, streams: 20, years: 3, seed)),
            new ImportOptions { BatchSize = 100 }));
        var reports = await Task.WhenAll(imports);
        await end.CancelAsync();
        var appends = await Task.WhenAll(writers);

        reports.Sum(report => report.Events).ShouldBe(6000);
        appends.Min().ShouldBeGreaterThan(0);
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE data ? 'n'")).ShouldBe(6000);
        await store.DataSource.ShouldHaveVersionsInOrderAsync();
    }

    private sealed class Acting(Action act) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => act();
    }
}
