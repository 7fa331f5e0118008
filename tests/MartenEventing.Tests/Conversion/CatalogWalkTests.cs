using MartenEventing.Conversion;
using MartenEventing.Schema;
using MartenEventing.TestSupport;

namespace MartenEventing.Tests.Conversion;

/// <summary>What the catalogs say of a table, before, during and after a conversion, column by column.</summary>
public sealed class CatalogWalkTests
{
    [Fact]
    public async Task every_column_of_the_catalogs_has_been_decided_about()
    {
        await using var database = await TestDatabase.CreateAsync();

        (await CatalogWalk.UndecidedAsync(database.DataSource)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ConversionWay.Attach, "by_note", EventTenancy.Single, StreamIdentity.Guid)]
    [InlineData(ConversionWay.Shadow, "by_note", EventTenancy.Conjoined, StreamIdentity.String)]
    [InFull(ConversionWay.Attach, "pkey_mt_events_seq_id", EventTenancy.Conjoined, StreamIdentity.Guid)]
    [InFull(ConversionWay.Shadow, "pk_mt_events_stream_and_version", EventTenancy.Single, StreamIdentity.String)]
    public async Task the_whole_and_each_partition_have_what_the_plain_table_had_and_so_has_the_table_on_the_way_back(
        ConversionWay way, string clustered, EventTenancy tenancy, StreamIdentity identity)
    {
        await using var store = await RichStore.CreateAsync(clustered, tenancy, identity);
        var database = store.Plain.Database;
        await PermitAsync(database, way);
        var (before, around) = (await CatalogWalk.OfAsync(database.DataSource, "mt_events"), await store.WalkAsync());

        await store.Plain.Conversion(PlainStore.Options with { Way = way }).StartAsync();
        await store.Plain.Conversion().SplitAsync();
        await MakeOtherPartitionsAsync(database);

        Missing(before.Where(IsOfWhole), await CatalogWalk.OfAsync(database.DataSource, "mt_events")).ShouldBe("");
        foreach (var leaf in await database.ColumnAsync<string>(
            "SELECT name FROM mt_partitions() ORDER BY lower_bound"))
            (leaf, Missing(before.Where(IsOfLeaf), await CatalogWalk.OfAsync(database.DataSource, leaf))).ShouldBe(
                (leaf, ""));

        await store.Plain.Conversion().RollbackAsync();

        var after = await store.WalkAsync();
        (Missing(around, after), Missing(after, around)).ShouldBe(("", ""));
    }

    /// <summary>An owner that has given up DELETE cannot copy.</summary>
    private static Task PermitAsync(StoreDatabase database, ConversionWay way) => way == ConversionWay.Shadow
        ? database.ExecuteAsync("GRANT DELETE ON mt_events TO CURRENT_USER")
        : Task.CompletedTask;

    [Theory]
    [InlineData(ConversionWay.Attach, "by_note")]
    [InlineData(ConversionWay.Shadow, "pkey_mt_events_seq_id")]
    public async Task a_completed_conversion_comes_back_with_all_of_it(ConversionWay way, string clustered)
    {
        await using var store = await RichStore.CreateAsync(clustered);
        await PermitAsync(store.Plain.Database, way);
        var before = await store.WalkAsync();

        await store.Plain.Conversion(PlainStore.Options with { Way = way }).StartAsync();
        await store.Plain.Conversion().CompleteAsync();
        await store.Plain.Conversion().RevertAsync();

        var after = await store.WalkAsync();
        (Missing(before, after), Missing(after, before)).ShouldBe(("", ""));
    }

    [Fact]
    public async Task foreign_keys_that_were_not_valid_are_not_validated_on_the_way_back()
    {
        await using var store = await PlainStore.CreateAsync(100);
        await store.Database.ExecuteAsync(
            """
            ALTER TABLE mt_events DROP CONSTRAINT fkey_mt_events_stream_id;
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            VALUES (nextval('mt_events_sequence'), gen_random_uuid(), gen_random_uuid(), 1, '1', 'orphan', now());
            ALTER TABLE mt_events ADD CONSTRAINT fkey_mt_events_stream_id FOREIGN KEY (stream_id)
                REFERENCES mt_streams (id)
                ON DELETE CASCADE NOT VALID;
            """);
        var before = await CatalogWalk.OfAsync(store.Database.DataSource, "mt_events");

        await store.Conversion().StartAsync();
        await store.Conversion().RollbackAsync();

        var after = await CatalogWalk.OfAsync(store.Database.DataSource, "mt_events");
        (Missing(before, after), Missing(after, before)).ShouldBe(("", ""));
    }

    /// <summary>Months made later, one that was the tail, and a quarter of rolled up months.</summary>
    private static Task MakeOtherPartitionsAsync(StoreDatabase database) => database.ExecuteAsync(
        """
        SELECT mt_provision_partitions('month', 5);
        INSERT INTO mt_streams (id, version) VALUES ('00000000-0000-0000-0000-000000000001', 1);
        INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
        VALUES (nextval('mt_events_sequence'), gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 1, '1', 'a',
                now() + interval '8 months');
        SELECT mt_provision_partitions('month', 12);
        DO $$
        DECLARE
            two record;
        BEGIN
            SELECT p.name, n.upper_bound INTO two FROM mt_partitions() p
              JOIN mt_partitions() n ON n.lower_bound = p.upper_bound AND n.upper_bound > now() + interval '2 months'
             WHERE p.kind <> 'head' ORDER BY p.lower_bound LIMIT 1;
            WHILE mt_roll_up(two.name, 'mt_events_q202601', two.upper_bound, 1000) LOOP END LOOP;
        END $$;
        """);

    private static string Missing(IEnumerable<CatalogFact> expected, IEnumerable<CatalogFact> found) =>
        string.Join('\n', expected.Except(found).Select(f => $"{f.Catalog} {f.Row}: {f.Column} = {f.Value}").Order(
            StringComparer.Ordinal));

    /// <summary>
    /// A partitioned table holds no rows: how they are stored its partitions say. Its key has the timestamp in it, and
    /// the guard stands for the unique index and the foreign keys.
    /// </summary>
    private static bool IsOfWhole(CatalogFact fact) => fact switch
    {
        { Catalog: "pg_depend" } => false,
        _ when IsInPlaceOfKeys(fact) => false,
        { Catalog: "pg_class", Row: "toast" } => false,
        { Catalog: "pg_class" } => fact.Column is not ("relkind" or "reloptions" or "relam" or "relhassubclass")
            || fact.Row != "table" && fact.Column is "reloptions" or "relam",
        { Catalog: "pg_index" } => fact.Column is not "indisclustered",
        { Catalog: "pg_attrdef", Row: "default of timestamp" } => false,
        _ => true,
    };

    /// <summary>
    /// Rights, policies, comments and publications are the whole's alone, and so are triggers of statements.
    /// </summary>
    private static bool IsOfLeaf(CatalogFact fact) => fact switch
    {
        { Catalog: "pg_depend" or "pg_policy" or "pg_description" or "pg_publication_rel" } => false,
        { Row: "every" or "default of timestamp" } => false,
        _ when IsInPlaceOfKeys(fact) && !fact.Row.StartsWith("index UNIQUE", StringComparison.Ordinal) => false,
        { Column: "relname" or "relkind" or "relacl" or "attacl" or "relispartition" or "relpartbound"
            or "relrowsecurity" } => false,
        { Column: "relchecks" or "attislocal" or "attinhcount" or "conislocal" or "coninhcount" or "conparentid" } =>
            false,
        { Column: "conrelid" or "conindid" or "tgrelid" or "tgparentid" or "tgattr" or "stxname" } => false,
        { Catalog: "pg_class", Column: "relhastriggers" } => false,
        _ => true,
    };

    private static bool IsInPlaceOfKeys(CatalogFact fact) =>
        fact.Row.StartsWith("index UNIQUE", StringComparison.Ordinal)
            || fact.Row.StartsWith("fkey_", StringComparison.Ordinal)
        || fact.Row.StartsWith("pg_constraint fkey_", StringComparison.Ordinal)
        || (fact.Row.StartsWith("pg_class index UNIQUE", StringComparison.Ordinal))
        || (fact.Row == "primary key"
            && fact.Column is not ("reloptions" or "reltablespace" or "indisclustered" or "relam"))
        || fact.Row.StartsWith("primary key column", StringComparison.Ordinal);
}
