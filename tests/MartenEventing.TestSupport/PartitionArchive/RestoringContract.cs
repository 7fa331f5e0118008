using MartenEventing.Check;
using MartenEventing.PartitionArchive;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.TestSupport.Postgres;
using Npgsql;

namespace MartenEventing.TestSupport.PartitionArchive;

/// <summary>Archives that are brought back, wherever they lie.</summary>
public abstract class RestoringContract<TPlace> where TPlace : IStoragePlace
{
    private const string Expire = "SELECT count(*) FROM drop_old_partitions(1)";

    [Theory]
    [InlineData(StreamIdentity.Guid, EventTenancy.Single, ArchiveCompression.Brotli, false)]
    [InlineData(StreamIdentity.String, EventTenancy.Conjoined, ArchiveCompression.Gzip, true)]
    public async Task whatever_is_in_the_columns_comes_back_as_it_was(
        StreamIdentity identity, EventTenancy tenancy, ArchiveCompression compression, bool encrypted)
    {
        await using var archived = await ArchivedStore.CreateAsync<TPlace>(identity, tenancy);
        var store = archived.Store;
        await AddTagsAndKeysAsync(store);
        await store.ExecuteAsync(OddEvents.Columns);
        await OddEvents.AppendAsync(
            store, new Random((int)identity + 20261121), 150,
            "-infinity", "infinity", "0044-03-15 12:00:00 BC", "4713-01-01 00:00:00+00 BC",
            "294276-12-31 23:59:59.999999+00",
            $"{ArchivedStore.MonthStart:yyyy-MM-dd} 00:00:00+00",
            $"{ArchivedStore.MonthStart:yyyy-MM-dd} 13:14:15.123456+05:30",
            "1999-12-31 23:59:59.999999+00", "2000-02-29 00:00:00+00", "1900-03-01 00:00:00+00");
        await FillTagsAndKeysAsync(store);
        var key = encrypted ? ArchiveKey.Create() : null;
        var manifest = await archived.Writer(ArchivedStore.Small with { Compression = compression, Key = key })
            .CreateAsync(new ArchiveSelection());
        await CopyAsync(store);
        (await new PartitionArchives(archived.Storage, key).VerifyAsync(manifest.Name, store.DataSource, "public"))
            .Problems.ShouldBeEmpty();
        await store.ExecuteAsync(
            "TRUNCATE mt_events, mt_streams, mt_event_tag_parcel, mt_natural_key_parcel");

        var report = await Restorer(archived, key).RestoreAsync(manifest.Name);

        (report.Events, report.EventsThere, report.Remarks.Count).ShouldBe((150, 0, 0));
        await ShouldBeAsCopiedAsync(store);
        (await store.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname LIKE 'mt_restoring%'")).ShouldBe(0);
    }

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task a_month_that_expired_comes_back_in_its_place_and_what_lives_on_is_not_doubled(
        EventTenancy tenancy)
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>(tenancy: tenancy)).FilledAsync(
            streams: 20);
        var store = archived.Store;
        var living = Guid.NewGuid();
        await store.DataSource.AppendAsync(living, ArchivedStore.MonthStart.AddDays(1), 3);
        await store.DataSource.AppendAsync(living, SampleEvents.Month(0), 2);
        await store.AppendAsync(SampleEvents.Month(-2), 4);
        await CopyAsync(store);
        var manifest = await archived.WriteAsync();
        var next = await archived.Writer().CreateAsync(new() { Partition = SampleEvents.MonthName(-2) });
        await store.ScalarAsync<long>(Expire);
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(5);

        var report = await Restorer(archived).RestoreAsync(manifest.Name);
        var second = await Restorer(archived).RestoreAsync(next.Name);
        var again = await Restorer(archived).RestoreAsync(manifest.Name);

        (report.Target, report.Events, report.EventsThere, report.NewStreams).ShouldBe(
            (ArchivedStore.Month, 200, 3, 20));
        (second.Target, second.Events, second.NewStreams).ShouldBe((SampleEvents.MonthName(-2), 4, 1));
        (again.Events, again.EventsThere).ShouldBe((0, 203));
        await ShouldBeAsCopiedAsync(store);
        (await store.ScalarAsync<long>($"SELECT count(*) FROM {ArchivedStore.Month}")).ShouldBe(203);
        (await store.LayoutAsync()).Take(4).ShouldBe(
            ["mt_events_head open",
                .. Enumerable.Range(-3, 3).Select(month => $"{SampleEvents.MonthName(month)} open")]);
        (await store.ColumnAsync<string>("SELECT name FROM mt_removed_partitions")).ShouldBe(
            [SampleEvents.MonthName(-4)]);
        await store.DataSource.AppendAsync(living, ArchivedStore.MonthStart.AddDays(2), 1);
        (await store.ScalarAsync<long>("SELECT max(version) FROM mt_events WHERE stream_id = $1", living)).ShouldBe(6);
    }

    [Fact]
    public async Task an_archive_from_before_an_upgrade_of_Marten_comes_back_after_it()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 3);
        var store = archived.Store;
        await store.ExecuteAsync("ALTER TABLE mt_streams DROP COLUMN compacted_version");
        var manifest = await archived.WriteAsync();
        await store.ScalarAsync<long>(Expire);
        await store.ExecuteAsync("ALTER TABLE mt_streams ADD COLUMN compacted_version bigint NOT NULL DEFAULT 0");

        var report = await Restorer(archived).RestoreAsync(manifest.Name);

        (report.Events, report.NewStreams).ShouldBe((30, 3));
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_streams WHERE version = 10 AND compacted_version = 0"))
            .ShouldBe(3);
    }

    [Fact]
    public async Task writers_of_that_month_and_of_others_go_on_meanwhile()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 20);
        var store = archived.Store;
        var manifest = await archived.WriteAsync();
        await store.ScalarAsync<long>(Expire);
        var restored = false;
        var writer = Task.Run(async () =>
        {
            var stream = Guid.NewGuid();
            for (var i = 0; !restored || i < 10; i++)
                await store.DataSource.AppendAsync(
                    stream, i % 2 == 0 ? SampleEvents.Month(0) : ArchivedStore.MonthStart);
        });

        await Restorer(archived).RestoreAsync(manifest.Name);
        restored = true;
        await writer;

        (await store.ScalarAsync<long>(
            """
            SELECT count(*) FROM (SELECT stream_id FROM mt_events GROUP BY 1
                                  HAVING count(*) = 10 AND max(version) = 10 AND count(DISTINCT version) = 10) s
            """)).ShouldBeGreaterThanOrEqualTo(20);
        (await store.LayoutAsync())[1].ShouldBe($"{ArchivedStore.Month} open");
    }

    [Fact]
    public async Task a_loaded_month_is_attached_without_a_scan()
    {
        await using var archived = await ArchivedStore.CreateAsync<TPlace>();
        await using var connection = await archived.Store.DataSource.OpenConnectionAsync();
        var told = new List<string>();
        connection.Notice += (_, notice) => told.Add(notice.Notice.MessageText);
        await using var transaction = await connection.BeginTransactionAsync();
        var bounds =
            $"'{ArchivedStore.MonthStart:yyyy-MM-dd}+00', '{ArchivedStore.MonthStart.AddMonths(1):yyyy-MM-dd}+00'";
        await using var attach = new NpgsqlCommand(
            $"""
             SELECT mt_stage_restore('mt_restoring_it', {bounds}, ARRAY['mt_streams']);
             SELECT mt_detach_leaf('{ArchivedStore.Month}');
             SET LOCAL client_min_messages = debug1;
             SELECT mt_attach_leaf('mt_restoring_it', {bounds})
             """,
            connection);
        await attach.ExecuteNonQueryAsync();

        told.ShouldContain("partition constraint for table \"mt_restoring_it\" is implied by existing constraints");
    }

    [Fact]
    public async Task beside_its_place_it_is_a_table_to_read()
    {
        await using var archived = await ArchivedStore.CreateAsync<TPlace>();
        await archived.Store.ExecuteAsync(OddEvents.Columns);
        await OddEvents.AppendAsync(
            archived.Store, new Random(5), 60, $"{ArchivedStore.MonthStart:yyyy-MM-dd} 01:00:00+00");
        var manifest = await archived.WriteAsync();

        var report = await Restorer(archived).RestoreAsync(
            manifest.Name, new RestoreOptions { AsTable = "look \"here" });

        (report.Events, report.Target).ShouldBe((60, "look \"here"));
        (await archived.Store.ScalarAsync<long>(
            """
            SELECT count(*) FROM (SELECT e::text FROM mt_events e EXCEPT ALL SELECT t::text FROM "look ""here" t) x
            """)).ShouldBe(0);
        (await Should.ThrowAsync<PostgresException>(() => archived.Store.ExecuteAsync("DELETE FROM \"look \"\"here\"")))
            .SqlState.ShouldBe(PostgresErrorCodes.RestrictViolation);
        await Should.ThrowAsync<ArgumentException>(
            () => Restorer(archived).RestoreAsync(manifest.Name, new RestoreOptions { AsTable = "look \"here" }));
    }

    [Fact]
    public async Task what_is_damaged_foreign_or_in_the_way_is_refused_before_anything_is_changed()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 20);
        await using var other = await StoreDatabase.CreateAsync();
        var manifest = await archived.WriteAsync();
        var stream = await archived.Store.ScalarAsync<Guid>("SELECT stream_id FROM mt_events LIMIT 1");

        (await Should.ThrowAsync<ForeignArchiveException>(() => new PartitionArchiveRestorer(
            other.DataSource, "public", archived.Storage).RestoreAsync(manifest.Name))).Origin.Schema.ShouldBe(
                "public");
        (await new PartitionArchiveRestorer(other.DataSource, "public", archived.Storage)
            .RestoreAsync(manifest.Name, new RestoreOptions { FromOtherDatabase = true })).Events.ShouldBe(200);

        await archived.Store.ExecuteAsync("DELETE FROM mt_streams WHERE id = $1", stream);
        await archived.Store.DataSource.AppendAsync(stream, SampleEvents.Month(0), 1);
        (await Should.ThrowAsync<ArchiveConflictException>(() => Restorer(archived).RestoreAsync(manifest.Name)))
            .Reason.ShouldStartWith($"stream {stream} has ");

        var file = ArchivedStore.KeyOf(manifest, manifest.Tables[0].Files[2].Name);
        var bytes = await archived.Storage.ReadAsync(file);
        bytes[^1] ^= 1;
        await archived.Storage.ReplaceAsync(file, bytes);
        (await Should.ThrowAsync<ArchiveDamagedException>(() => Restorer(archived).RestoreAsync(manifest.Name)))
            .Problem.File.ShouldBe($"{manifest.Name}/{manifest.Tables[0].Files[2].Name}");
        (await archived.Store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(191);
    }

    [Fact]
    public async Task what_a_broken_off_restore_has_left_is_told_by_the_next_one_and_given_up_on_demand()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 5);
        var store = archived.Store;
        await store.AppendAsync(SampleEvents.Month(-4), 1);
        var manifest = await archived.WriteAsync();
        var other = await archived.Writer().CreateAsync(new() { Partition = SampleEvents.MonthName(-4) });
        await store.ExecuteAsync("TRUNCATE mt_events, mt_streams");
        await Should.ThrowAsync<IOException>(
            () => new PartitionArchiveRestorer(store.DataSource, "public", archived.Storage)
        {
            Observer = (step, _) => step == "load" ? throw new IOException("broken off") : Task.CompletedTask,
        }.RestoreAsync(manifest.Name));

        var remark = (await Restorer(archived).RestoreAsync(other.Name)).Remarks.Single();
        var tables = await store.ColumnAsync<string>(
            "SELECT relname::text FROM pg_class WHERE relname LIKE 'mt\\_restoring%' AND relkind = 'r' ORDER BY 1");
        var given = await store.ColumnAsync<string>("SELECT mt_give_up_restores()");

        remark.ShouldStartWith(
            $"{tables[0]} is left of an unfinished restore, partition archive {manifest.Id} revision 1 files 1: ");
        tables.Count.ShouldBe(2);
        given.ShouldBe(tables);
        (await Restorer(archived).RestoreAsync(manifest.Name)).Remarks.ShouldBeEmpty();
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(51);
    }

    private static PartitionArchiveRestorer Restorer(ArchivedStore archived, ArchiveKey? key = null) =>
        new(archived.Store.DataSource, "public", archived.Storage, key);

    private static async Task AddTagsAndKeysAsync(StoreDatabase store)
    {
        var isGuid = store.Options.StreamIdentity == StreamIdentity.Guid;
        var tenant = store.Options.Tenancy == EventTenancy.Conjoined ? "tenant_id varchar, " : "";
        var key = tenant.Length > 0 ? "tenant_id, " : "";
        await store.ExecuteAsync(
            $"""
             CREATE TABLE mt_event_tag_parcel (value text, {tenant}seq_id bigint, PRIMARY KEY ({key}value, seq_id));
             CREATE TABLE mt_natural_key_parcel (natural_key_value varchar(200), {tenant}
                 {(isGuid ? "stream_id uuid" : "stream_key varchar(250)")}, is_archived boolean DEFAULT false,
                 PRIMARY KEY ({key}natural_key_value))
             """);
    }

    private static async Task FillTagsAndKeysAsync(StoreDatabase store)
    {
        var isGuid = store.Options.StreamIdentity == StreamIdentity.Guid;
        var tenant = store.Options.Tenancy == EventTenancy.Conjoined ? "tenant_id, " : "";
        await store.ExecuteAsync(
            $"""
             INSERT INTO mt_event_tag_parcel (value, {tenant}seq_id) SELECT 'ü' || seq_id % 3, {tenant}seq_id
                 FROM mt_events;
             INSERT INTO mt_natural_key_parcel (natural_key_value, {tenant}{(isGuid ? "stream_id" : "stream_key")})
             SELECT 'key ' || row_number() OVER (), {tenant}id FROM mt_streams
             """);
    }

    private static async Task CopyAsync(StoreDatabase store)
    {
        foreach (var table in await TablesAsync(store))
            await store.ExecuteAsync($"CREATE TABLE copy_{table} AS SELECT t::text AS row FROM {table} t");
    }

    /// <summary>Bounds may be told otherwise: they hold where they cover the events.</summary>
    private static async Task ShouldBeAsCopiedAsync(StoreDatabase store)
    {
        (await new StoreCheck(store.DataSource, store.Schema).CheckAsync()).Findings
            .Single(finding => finding.Check == "stream bounds").Examples.ShouldBeEmpty();
        foreach (var table in await TablesAsync(store))
            (await store.ColumnAsync<string>(
                $"""
                 (SELECT '- ' || row FROM copy_{table} EXCEPT ALL SELECT '- ' || t::text FROM {table} t)
                 UNION ALL (SELECT '+ ' || t::text FROM {table} t EXCEPT ALL SELECT '+ ' || row FROM copy_{table})
                 """)).ShouldBeEmpty(table);
    }

    private static Task<List<string>> TablesAsync(StoreDatabase store) => store.ColumnAsync<string>(
        """
        SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition
           AND (relname IN ('mt_events', 'mt_streams') OR relname ~ '^mt_(event_tag|natural_key)_')
         ORDER BY 1
        """);
}
