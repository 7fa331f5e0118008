using MartenEventing.PartitionArchive;
using MartenEventing.PartitionArchive.Writing;
using MartenEventing.Partitioning;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.TestSupport.Postgres;

namespace MartenEventing.TestSupport.PartitionArchive;

/// <summary>Archives as they are written, wherever they lie.</summary>
public abstract class WritingContract<TPlace> where TPlace : IStoragePlace
{
    [Fact]
    public async Task an_archive_tells_what_it_holds_and_is_the_same_as_the_database()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 40);
        await archived.Store.AppendAsync(SampleEvents.Month(0), 3);

        var manifest = await archived.WriteAsync();

        (manifest.Name, manifest.Events, manifest.Streams).ShouldBe((ArchivedStore.Month, 400, 40));
        (manifest.From, manifest.To).ShouldBe((ArchivedStore.MonthStart, ArchivedStore.MonthStart.AddMonths(1)));
        (manifest.LastSequence - manifest.FirstSequence + 1).ShouldBe(400);
        manifest.Tables.Select(table => (table.Role, table.Rows)).ShouldBe(
        [
            (ArchiveRole.Events, 400), (ArchiveRole.Index, 40), (ArchiveRole.Streams, 40), (ArchiveRole.Bounds, 0),
        ]);
        manifest.Tables[0].Files.Count.ShouldBeGreaterThan(5);
        var report = await archived.Archives.VerifyAsync(manifest.Name, archived.Store.DataSource, "public");
        report.Problems.ShouldBeEmpty();
        (report.IsContentChecked, report.IsCompared, report.EventsCompared).ShouldBe((true, true, 400));
        (await archived.Store.ScalarAsync<string>(
            "SELECT concat_ws(' ', name, partition, events, streams, verified IS NOT NULL) FROM mt_partition_archives"))
            .ShouldBe($"{ArchivedStore.Month} {ArchivedStore.Month} 400 40 t");
    }

    [Fact]
    public async Task the_same_events_give_the_same_lines_and_the_next_archive_has_a_number_behind_its_name()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 20);

        var first = await archived.WriteAsync();
        var second = await archived.WriteAsync();

        (first.Name, second.Name).ShouldBe((ArchivedStore.Month, ArchivedStore.Month + "-2"));
        second.Tables.Select(table => table.Root).ShouldBe(first.Tables.Select(table => table.Root));
        second.Tables.SelectMany(table => table.Files).Select(file => file.Sha256)
            .ShouldBe(first.Tables.SelectMany(table => table.Files).Select(file => file.Sha256));
        (await archived.Archives.ListAsync()).Select(entry => entry.Name).ShouldBe([first.Name, second.Name]);
    }

    [Fact]
    public async Task a_range_may_be_open_and_of_one_tenant()
    {
        await using var archived = await ArchivedStore.CreateAsync<TPlace>(tenancy: EventTenancy.Conjoined);
        foreach (var tenant in (string[])["a", "b"])
            foreach (var month in (int[])[-3, 0])
                await archived.Store.DataSource.AppendAsync(
                    Guid.Parse("0193c1a0-0000-7000-8000-000000000001"), SampleEvents.Month(month), 2, tenant: tenant);

        var before = await archived.Writer().CreateAsync(new() { To = SampleEvents.Month(0) });
        var ofTenant = await archived.Writer().CreateAsync(
            new() { From = SampleEvents.Month(-9), Tenant = "b", Name = "b" });

        (before.Name, before.Events, before.Streams).ShouldBe(
            ($"events_past_{SampleEvents.Month(0):yyyyMMdd}T000000", 4, 2));
        (ofTenant.Events, ofTenant.Streams, ofTenant.Tenant).ShouldBe((4, 1, "b"));
        (await archived.Archives.VerifyAsync("b", archived.Store.DataSource, "public")).Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task the_streams_of_a_table_are_archived_whole_and_compared_and_no_others(EventTenancy tenancy)
    {
        await using var archived = await ArchivedStore.CreateAsync<TPlace>(tenancy: tenancy);
        var (chosen, other) = (Guid.NewGuid(), Guid.NewGuid());
        foreach (var stream in (Guid[])[chosen, other])
            foreach (var month in (int[])[-9, -3, 0])
                await archived.Store.DataSource.AppendAsync(stream, SampleEvents.Month(month), 2);
        if (tenancy == EventTenancy.Conjoined)
            await archived.Store.DataSource.AppendAsync(chosen, SampleEvents.Month(-3), 1, tenant: "b");
        await archived.Store.ExecuteAsync(
            "CREATE TABLE chosen AS SELECT tenant_id, id FROM mt_streams WHERE id = $1 AND tenant_id = '*DEFAULT*'",
            chosen);
        var selection = new ArchiveSelection { StreamTable = "public.chosen", Name = "chosen" };

        var manifest = await archived.Writer().CreateAsync(selection);

        (manifest.Events, manifest.Streams).ShouldBe((6, 1));
        (await archived.Archives.QueryAsync("chosen", new()).ToListAsync())
            .ShouldAllBe(found => found.Stream == $"{chosen}" && found.Tenant == "*DEFAULT*");
        await using var connection = await archived.Store.DataSource.OpenConnectionAsync();
        await using (await SourceSnapshot.BeginAsync(connection, default))
            (await archived.Archives.VerifyAsync(
                "chosen", connection, "public", "public.chosen", default)).IsSound.ShouldBeTrue();
        await archived.Store.DataSource.AppendAsync(chosen, SampleEvents.Month(-3));
        await using (await SourceSnapshot.BeginAsync(connection, default))
            (await archived.Archives.VerifyAsync("chosen", connection, "public", "public.chosen", default))
                .Problems.Single().Kind.ShouldBe(ArchiveProblemKind.NotInArchive);
    }

    [Fact]
    public async Task a_plan_counts_and_writes_nothing()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 3);

        var plan = await archived.Writer().PlanAsync(new() { Partition = ArchivedStore.Month });

        (plan.Name, plan.Events, plan.Streams).ShouldBe((ArchivedStore.Month, 30, 3));
        plan.Statements[0].ShouldStartWith("SELECT e.\"seq_id\"::text");
        (await archived.Archives.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task what_cannot_be_selected_is_told()
    {
        await using var archived = await ArchivedStore.CreateAsync<TPlace>();
        await using var plain = await StoreDatabase.CreateAsync(layout: StoreLayout.Plain);

        (await Should.ThrowAsync<ArgumentException>(
            () => archived.Writer().CreateAsync(new() { Partition = "mt_streams" })))
            .Message.ShouldContain("has no partition \"mt_streams\"");
        await Should.ThrowAsync<ArgumentException>(() => archived.Writer().CreateAsync(
            new() { From = SampleEvents.Month(1), To = SampleEvents.Month(0) }));
        (await Should.ThrowAsync<ArgumentException>(() => archived.Writer().CreateAsync(new() { Name = "../x" })))
            .Message.ShouldContain("\"../x\" is no name");
        await Should.ThrowAsync<StoreNotPartitionedException>(() => new PartitionArchiveWriter(
            plain.DataSource, "public", archived.Storage).CreateAsync(new()));
    }

    [Fact]
    public async Task what_was_broken_off_is_no_archive_and_does_not_hinder_the_next()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 20);
        var folder = new BrokenOff(archived.Storage) { Left = 3 };
        await Should.ThrowAsync<IOException>(() => new PartitionArchiveWriter(
            archived.Store.DataSource, "public", folder, ArchivedStore.Small).CreateAsync(
                new() { Partition = ArchivedStore.Month }));

        (await archived.Archives.ListAsync()).Single().Manifest.ShouldBeNull();
        (await Should.ThrowAsync<ArchiveNotFoundException>(() => archived.Archives.VerifyAsync(ArchivedStore.Month)))
            .IsUnfinished.ShouldBeTrue();
        var manifest = await archived.WriteAsync();

        manifest.Name.ShouldBe(ArchivedStore.Month);
        var report = await archived.Archives.VerifyAsync(manifest.Name);
        (report.IsSound, report.Strays.Count).ShouldBe((true, 3));
        await archived.Archives.DropAsync(manifest.Name);
        (await archived.Storage.KeysAsync("")).ShouldBeEmpty();
    }
}
