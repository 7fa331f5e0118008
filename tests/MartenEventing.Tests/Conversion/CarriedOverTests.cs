using MartenEventing.Conversion;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Schema;

namespace MartenEventing.Tests.Conversion;

/// <summary>What people have made on and around the plain table.</summary>
public sealed class CarriedOverTests
{
    internal const string Extras =
        """
        ALTER TABLE mt_events ADD COLUMN note text, ADD COLUMN size int GENERATED ALWAYS AS (length(type)) STORED,
            ADD CONSTRAINT sane CHECK (version > 0);
        ALTER TABLE mt_events DROP COLUMN user_name;
        ALTER TABLE mt_events ALTER COLUMN timestamp SET DEFAULT '2026-01-01 00:00:00Z';
        CREATE INDEX events_by_type ON mt_events (type, timestamp);
        CREATE INDEX mt_events_correlation ON mt_events (correlation_id) WHERE correlation_id IS NOT NULL;
        CREATE TABLE heard (seq_id bigint);
        CREATE FUNCTION hear() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN INSERT INTO heard VALUES (NEW.seq_id); RETURN NULL; END $$;
        CREATE TRIGGER hear AFTER INSERT ON mt_events FOR EACH ROW EXECUTE FUNCTION hear();
        CREATE TABLE mt_event_tag_parcel (value uuid, seq_id bigint,
            CONSTRAINT pkey_tag PRIMARY KEY (value, seq_id),
            CONSTRAINT fkey_tag FOREIGN KEY (seq_id) REFERENCES mt_events (seq_id) ON DELETE CASCADE);
        INSERT INTO mt_event_tag_parcel SELECT gen_random_uuid(), seq_id FROM mt_events LIMIT 10;
        GRANT SELECT, INSERT ON mt_events TO {0};
        COMMENT ON TABLE mt_events IS 'ours';
        CREATE PUBLICATION {0} FOR TABLE mt_events WITH (publish_via_partition_root = true);
        """;

    [Theory]
    [InlineData(ConversionWay.Attach)]
    [InlineData(ConversionWay.Shadow)]
    public async Task columns_indexes_triggers_tags_grants_comments_and_publications_go_along_and_come_back(
        ConversionWay way)
    {
        var name = "x" + Guid.NewGuid().ToString("N");
        await using var store = await PlainStore.CreateAsync(500);
        var database = store.Database;
        await database.Superuser.ExecuteAsync($"CREATE ROLE {name}");
        await database.ExecuteAsync(Extras.Replace("{0}", name, StringComparison.Ordinal));
        try
        {
            var (hash, catalogs) = (await store.HashAsync(), await store.CatalogsAsync());
            var around = await AroundAsync(store);

            await store.Conversion(PlainStore.Options with { Way = way }).StartAsync();
            await store.Conversion().SplitAsync();

            (await store.HashAsync()).ShouldBe(hash);
            (await AroundAsync(store)).ShouldBe(around);
            (await database.ScalarAsync<bool>("SELECT bool_and(indisvalid) FROM pg_index")).ShouldBeTrue();
            (await database.ScalarAsync<long>("SELECT count(*) FROM heard")).ShouldBe(0);
            await database.ExecuteAsync(
                """
                INSERT INTO mt_streams (id, version) VALUES ('00000000-0000-0000-0000-000000000001', 1);
                INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
                VALUES (nextval('mt_events_sequence'), gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 1,
                    '1',
                        'a', now());
                DELETE FROM mt_streams WHERE id = '00000000-0000-0000-0000-000000000001';
                """);
            (await database.ScalarAsync<long>("SELECT count(*) FROM heard")).ShouldBe(1);

            await store.Conversion().RollbackAsync();

            (await store.HashAsync()).ShouldBe(hash);
            (await AroundAsync(store)).ShouldBe(around);
            var after = await store.CatalogsAsync();
            (string.Join('\n', after.Except(catalogs)), string.Join('\n', catalogs.Except(after))).ShouldBe(("", ""));
        }
        finally
        {
            await database.Superuser.ExecuteAsync($"DROP OWNED BY {name}; DROP ROLE {name}");
        }
    }

    [Theory]
    [InlineData("CREATE VIEW seen AS SELECT * FROM mt_events", "public.seen")]
    [InlineData("CREATE TABLE younger () INHERITS (mt_events)", "public.younger")]
    [InlineData("CREATE UNIQUE INDEX by_id ON mt_events (id)", "by_id")]
    [InlineData("ALTER TABLE mt_events FORCE ROW LEVEL SECURITY", "mt_events")]
    [InlineData("CREATE TABLE x (s bigint CONSTRAINT fx REFERENCES mt_events)", "fx")]
    [InlineData("CREATE TABLE mt_events_head ()", "mt_events_head")]
    [InlineData("CREATE PUBLICATION p FOR TABLE mt_events", "p")]
    public async Task what_cannot_be_carried_over_stops_the_conversion_before_it_begins(string sql, string subject)
    {
        await using var store = await PlainStore.CreateAsync(10);
        await store.Database.ExecuteAsync(sql);
        var before = await store.CatalogsAsync();

        var plan = await store.Conversion().PlanAsync();
        var error = await Should.ThrowAsync<ConversionRefusedException>(() => store.Conversion().StartAsync());

        plan.IsPossible.ShouldBeFalse();
        error.Objections.Select(o => o.Subject).ShouldBe([subject]);
        (await store.CatalogsAsync()).SequenceEqual(before).ShouldBeTrue();
    }

    [Fact]
    public async Task events_of_the_future_keep_the_swap_short_and_no_insert_from_failing()
    {
        await using var store = await PlainStore.CreateAsync(2_000);
        await store.Database.ExecuteAsync(
            """
            UPDATE mt_events SET timestamp = 'infinity' WHERE seq_id = 5;
            UPDATE mt_events SET timestamp = '2199-01-05 00:00:00Z' WHERE seq_id > 5 AND seq_id < 10;
            UPDATE mt_events SET timestamp = now() + interval '2 months' WHERE seq_id > 10 AND seq_id < 1500;
            UPDATE mt_events SET timestamp = '-infinity' WHERE seq_id = 10;
            """);
        var hash = await store.HashAsync();

        var started = await store.Conversion().StartAsync();

        started.HeadEndsAt!.Value.ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddMonths(2));
        started.HeadEndsAt!.Value.ShouldBeLessThan(DateTimeOffset.UtcNow.AddMonths(4));
        (await store.HashAsync()).ShouldBe(hash);
        (await store.Database.ScalarAsync<long>("SELECT count(*) FROM mt_events_tail")).ShouldBe(5);
        await store.Conversion().SplitAsync();
        (await store.HashAsync()).ShouldBe(hash);
        await store.Conversion().RollbackAsync();
        (await store.HashAsync()).ShouldBe(hash);
    }

    [Fact]
    public async Task a_store_that_was_never_plain_becomes_as_if_it_had_always_been()
    {
        await using var made = await StoreDatabase.CreateAsync();
        await using var plain = await StoreDatabase.CreateAsync(layout: StoreLayout.Plain);

        (await new StoreConversion(made.DataSource, options: PlainStore.Options).RevertAsync()).State
            .ShouldBe(ConversionState.Returned);

        (await Catalogs.DescribeAsync(made.DataSource, "public"))
            .Except(await Catalogs.DescribeAsync(plain.DataSource, "public")).ShouldBeEmpty();
    }

    private static Task<List<string>> AroundAsync(PlainStore store) => store.Database.ColumnAsync<string>(
        """
        SELECT format('%s %s %s', c.relacl, obj_description(c.oid, 'pg_class'),
                      (SELECT string_agg(pubname, ',') FROM pg_publication_tables WHERE tablename = 'mt_events'))
          FROM pg_class c WHERE c.oid = 'mt_events'::regclass
        """);
}
