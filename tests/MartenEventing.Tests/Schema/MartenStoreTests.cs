using MartenEventing.Schema;
using MartenEventing.TestSupport.Schema;

namespace MartenEventing.Tests.Schema;

public sealed class MartenStoreTests
{
    /// <summary>The same under conjoined tenancy.</summary>
    private static readonly string ConjoinedByMarten = Marten929.Tables
        .Replace("CREATE TABLE mt_streams (",
            "CREATE TABLE mt_streams (tenant_id varchar NOT NULL DEFAULT '*DEFAULT*',")
        .Replace("tenant_id varchar NULL DEFAULT '*DEFAULT*', is_archived bool NULL DEFAULT FALSE,\n    "
            + "CONSTRAINT pkey_mt_streams_id PRIMARY KEY (id)",
            "is_archived bool NULL DEFAULT FALSE, CONSTRAINT pkey_mt_streams_tenant_id_id PRIMARY KEY (tenant_id, id)")
        .Replace("(stream_id, version)", "(tenant_id, stream_id, version)")
        .Replace("fkey_mt_events_stream_id\n", "fkey_mt_events_stream_id_tenant_id\n")
        .Replace("FOREIGN KEY (stream_id) REFERENCES mt_streams (id) ON DELETE CASCADE",
            "FOREIGN KEY (tenant_id, stream_id) REFERENCES mt_streams (tenant_id, id)");

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task a_plain_store_with_events_is_taken_over_as_it_is(EventTenancy tenancy)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.DataSource.ExecuteAsync(StoreOf(tenancy));
        await database.DataSource.ExecuteAsync(
            """
            INSERT INTO mt_streams (id, version) SELECT md5(i::text)::uuid, 1 FROM generate_series(1, 10) i;
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type)
            SELECT nextval('mt_events_sequence'), gen_random_uuid(), id, 1, '1', 'a' FROM mt_streams;
            """);
        var before = await ColumnsAsync(database);

        var options = new SchemaOptions { Layout = StoreLayout.Plain, Tenancy = tenancy };
        await new SchemaMigrator(database.DataSource, options).ApplyAsync();

        (await new SchemaMigrator(database.DataSource, options).GetStatusAsync()).IsUpToDate.ShouldBeTrue();
        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(10);
        (await ColumnsAsync(database)).ShouldBe(before);
    }

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task an_empty_store_becomes_partitioned_with_the_columns_it_has(EventTenancy tenancy)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.DataSource.ExecuteAsync(StoreOf(tenancy));
        var before = await ColumnsAsync(database);

        await new SchemaMigrator(database.DataSource, new SchemaOptions { Tenancy = tenancy }).ApplyAsync();

        var shape = await StoreShape.ReadAsync(database.DataSource, "public");
        (shape.Layout, shape.Tenancy).ShouldBe((StoreLayout.Partitioned, tenancy));
        (await ColumnsAsync(database)).ShouldBe(
            before.Select(column => column.StartsWith("mt_events.timestamp", StringComparison.Ordinal)
                ? "mt_events.timestamp timestamp with time zone now()"
                : column));
    }

    [Fact]
    public async Task our_plain_conjoined_store_has_the_keys_of_martens()
    {
        await using var martens = await TestDatabase.CreateAsync();
        await martens.DataSource.ExecuteAsync(ConjoinedByMarten);
        await using var ours = await StoreDatabase.CreateAsync(
            layout: StoreLayout.Plain, tenancy: EventTenancy.Conjoined);

        (await KeysAsync(ours.DataSource)).ShouldBe(await KeysAsync(martens.DataSource));
        (await KeysAsync(ours.DataSource)).ShouldContain("mt_events fkey_mt_events_stream_id_tenant_id "
            + "FOREIGN KEY (tenant_id, stream_id) REFERENCES mt_streams(tenant_id, id)");
    }

    [Theory]
    [InlineData(StreamIdentity.Guid)]
    [InlineData(StreamIdentity.String)]
    public async Task a_conjoined_partition_has_its_unique_index_by_tenant_under_the_name_that_marten_knows(
        StreamIdentity identity)
    {
        await using var store = await StoreDatabase.CreateAsync(identity, tenancy: EventTenancy.Conjoined);

        (await store.ScalarAsync<string>("SELECT pg_get_indexdef('mt_events_tail_stream_id_version_idx'::regclass)"))
            .ShouldBe("CREATE UNIQUE INDEX mt_events_tail_stream_id_version_idx ON public.mt_events_tail "
                + "USING btree (tenant_id, stream_id, version)");
    }

    [Theory]
    [InlineData("CREATE TABLE mt_events (is_archived bool) PARTITION BY LIST (is_archived)", "id uuid PRIMARY KEY",
        "mt_events is partitioned by LIST (is_archived), not by RANGE (timestamp)")]
    [InlineData("CREATE TABLE mt_events (seq_id bigint)", 
        "id uuid, tenant_id varchar, PRIMARY KEY (tenant_id, id)) PARTITION BY LIST (tenant_id",
        "mt_streams is partitioned")]
    [InlineData("CREATE TABLE mt_events (seq_id bigint)", "id uuid, is_archived bool, PRIMARY KEY (id, is_archived)",
        "the primary key of mt_streams is on id, is_archived, not on id or on tenant_id and id")]
    [InlineData("CREATE TABLE mt_events (timestamp timestamptz) PARTITION BY RANGE (timestamp)", "id uuid PRIMARY KEY",
        "mt_events is partitioned already, and not by this library")]
    public async Task a_store_partitioned_by_others_is_refused(string events, string streams, string reason)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.DataSource.ExecuteAsync($"{events}; CREATE TABLE mt_streams ({streams})");

        var error = await Should.ThrowAsync<UnsupportedStoreException>(
            () => new SchemaMigrator(database.DataSource, new SchemaOptions()).ApplyAsync());

        error.Reason.ShouldBe(reason);
        (await database.DataSource.ScalarAsync<bool>("SELECT to_regclass('mt_migrations') IS NULL")).ShouldBeTrue();
    }

    [Fact]
    public async Task what_it_makes_is_what_Marten_makes_and_what_is_more_is_named()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var migrator = new SchemaMigrator(store.DataSource, store.Options);
        var made = (await migrator.GetStatusAsync()).MartenTables;

        await store.ExecuteAsync(
            "ALTER TABLE mt_streams ADD COLUMN fresh int; ALTER TABLE mt_events ADD COLUMN is_skipped boolean");
        var newer = (await migrator.GetStatusAsync()).MartenTables;

        $"{made}".ShouldBe("as Marten 9.59 makes them");
        newer!.Missing.ShouldBeEmpty();
        newer.Unknown.ShouldBe(["mt_streams.fresh"]);
        $"{newer}".ShouldBe("as Marten 9.59 makes them and more, of a newer Marten or your own: mt_streams.fresh");
    }

    [Fact]
    public async Task where_there_is_no_store_it_says_nothing_of_Martens_tables()
    {
        await using var database = await TestDatabase.CreateAsync();

        (await new SchemaMigrator(database.DataSource, new SchemaOptions())
            .GetStatusAsync()).MartenTables.ShouldBeNull();
    }

    private static string StoreOf(EventTenancy tenancy) =>
        tenancy == EventTenancy.Single ? Marten929.Tables : ConjoinedByMarten;

    private static Task<List<string>> KeysAsync(Npgsql.NpgsqlDataSource source) => source.ColumnAsync<string>(
        """
        SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
         WHERE conrelid IN ('mt_events'::regclass, 'mt_streams'::regclass) AND contype <> 'n'
         UNION ALL SELECT indexdef FROM pg_indexes WHERE tablename IN ('mt_events', 'mt_streams') ORDER BY 1
        """);

    private static Task<List<string>> ColumnsAsync(TestDatabase database) => database.DataSource.ColumnAsync<string>(
        """
        SELECT table_name || '.' || column_name || ' ' || data_type || coalesce(' ' || column_default, '')
          FROM information_schema.columns WHERE table_name IN ('mt_events', 'mt_streams')
         ORDER BY table_name, ordinal_position
        """);
}
