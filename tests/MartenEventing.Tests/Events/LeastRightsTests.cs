using MartenEventing.Events;
using MartenEventing.Partitioning;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Importing;
using MartenEventing.Tests.Tenants;
using Npgsql;

namespace MartenEventing.Tests.Events;

/// <summary>A role that may use mt_events and mt_streams, and no partition, is served like the owner.</summary>
public sealed class LeastRightsTests
{
    private static readonly DateTimeOffset ThisMonth =
        new(DateTime.UtcNow.Year, DateTime.UtcNow.Month, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_role_without_rights_on_partitions_appends_and_reads(bool byTenant)
    {
        await using var database = byTenant ? await TenantStore.CreateAsync() : await StoreDatabase.CreateAsync();
        await using var role = await LimitedRole.CreateAsync(database, LimitedRole.OfAnApplication);
        var options = new EventStoreOptions { TenantId = "it's \\ours", ChunkSize = 2 };
        await database.StoreOf("other").AppendAsync(Guid.NewGuid(), ExpectedVersion.Any, Parcel.Scans(1));
        StreamId stream = Guid.NewGuid();
        StreamId other = Guid.CreateVersion7();
        var appended = await new PostgresEventStore(role.DataSource, options).AppendAsync(
            stream, ExpectedVersion.NoStream,
            [Parcel.Scanned(), Parcel.ScannedAt(ThisMonth.AddMonths(2)), Parcel.ScannedAt(DateTimeOffset.UnixEpoch),
             Parcel.ScannedAt(new DateTimeOffset(2099, 1, 1, 0, 0, 0, default)), Parcel.Scanned()]);
        var store = new PostgresEventStore(role.DataSource, options);
        await store.AppendAsync([new StreamAppend(other, ExpectedVersion.NoStream, Parcel.Scans(2))]);

        (await store.LoadStreamAsync(stream)).Select(found => found.Sequence).ShouldBe(appended.Sequences);
        (await store.LoadStreamAsync(stream, 3, 4)).Select(found => found.Version).ShouldBe([3, 4]);
        (await store.ReadStreamAsync(stream, direction: ReadDirection.Backwards).Select(found => found.Version)
            .ToListAsync()).ShouldBe([5, 4, 3, 2, 1]);
        (await store.ReadStreamAsync(other).CountAsync()).ShouldBe(2);
        (await store.GetStreamAsync(stream))!.Version.ShouldBe(5);
        var page = (await store.ReadPageAsync(1, 5)).Events;
        page.Select(found => found.Sequence).ShouldBe(appended.Sequences);
        (await store.ReadAllAsync(1).CountAsync()).ShouldBe(7);
        (await store.QueryAsync(new EventQuery { From = ThisMonth.AddMonths(2), To = ThisMonth.AddMonths(3) }))
            .Events.ShouldHaveSingleItem().Version.ShouldBe(2);
        (await store.QueryAsync(new EventQuery { Types = ["parcel_scanned"], Stream = stream }))
            .Events.Count.ShouldBe(5);
        (await store.GetEventAsync(page[2].Id))!.Version.ShouldBe(3);
    }

    [Fact]
    public async Task a_reader_sees_that_a_seal_was_withdrawn()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var owner = new PostgresEventStore(database.DataSource);
        await database.FillMonthsAsync(owner, perMonth: 10);
        foreach (var month in new[] { 0, 1, 2 })
            await database.SealAsync($"mt_events_m{ThisMonth.AddMonths(month):yyyyMM}");
        await using var role = await LimitedRole.CreateAsync(database, "SELECT ON mt_events, mt_streams");
        var store = new PostgresEventStore(role.DataSource);
        (await store.ReadPageAsync(0)).Events.Count.ShouldBe(40);

        await owner.AppendAsync(
            Guid.NewGuid(), ExpectedVersion.Any, [Parcel.ScannedAt(ThisMonth.AddMonths(1).AddDays(3))]);

        (await store.ReadPageAsync(40)).Events.ShouldHaveSingleItem().Sequence.ShouldBe(41);
    }

    [Fact]
    public async Task reads_of_a_role_touch_the_leaves_that_hold_the_events_and_no_other()
    {
        await using var database = await StoreDatabase.CreateAsync();
        await using var role = await LimitedRole.CreateAsync(database, LimitedRole.OfAnApplication);
        using var log = new StatementLog();
        await using var source = log.DataSource(role.DataSource.ConnectionString + ";Password=secret");
        StreamId stream = Guid.NewGuid();
        await new PostgresEventStore(role.DataSource).AppendAsync(stream, ExpectedVersion.Any,
            [Parcel.ScannedAt(ThisMonth.AddMonths(-90)), Parcel.ScannedAt(ThisMonth.AddMonths(2))]);
        var store = new PostgresEventStore(source);
        await store.LoadStreamAsync(stream);
        log.Take();

        (await store.LoadStreamAsync(stream)).Count.ShouldBe(2);

        var statements = log.Take();
        statements.Count.ShouldBe(1);
        (await StatementLog.LeavesAsync(database, statements))
            .ShouldBe(["mt_events_head", $"mt_events_m{ThisMonth.AddMonths(2):yyyyMM}"]);
    }

    [Fact]
    public async Task a_role_imports_that_may_note_its_progress()
    {
        await using var database = await StoreDatabase.CreateAsync();
        await using var role = await LimitedRole.CreateAsync(database,
            [.. LimitedRole.OfAnApplication, "SELECT, INSERT, UPDATE, DELETE ON mt_import_progress"]);

        var report = await new EventImporter(role.DataSource).ImportAsync(
            EventLines.Text(EventLines.Shuffled(100, streams: 10, years: 2)), new ImportOptions { BatchSize = 10 });

        report.Events.ShouldBe(100);
        (await new PostgresEventStore(role.DataSource).ReadAllAsync().CountAsync()).ShouldBe(100);
    }

    [Fact]
    public async Task a_role_lists_the_partitions_and_their_sizes()
    {
        await using var database = await StoreDatabase.CreateAsync();
        await using var role = await LimitedRole.CreateAsync(database, LimitedRole.OfAnApplication);
        var catalog = new PartitionCatalog(role.DataSource, "public");

        (await catalog.ListAsync()).Count.ShouldBe(6);
        (await catalog.ListSizesAsync()).ShouldAllBe(size => size.Partition.Name.StartsWith("mt_events_"));
    }
}
