using MartenEventing.Conversion;
using MartenEventing.Schema;

namespace MartenEventing.Tests.Conversion;

/// <summary>
/// Stores that are not like those of Marten 9 with all its defaults, and sessions that live through a conversion.
/// </summary>
public sealed class OtherStoresTests
{
    private const string Older =
        """
        ALTER TABLE mt_events DROP COLUMN bdata, DROP COLUMN correlation_id, DROP COLUMN causation_id,
            DROP COLUMN headers,
            DROP COLUMN user_name, ALTER COLUMN version TYPE int, ALTER COLUMN type TYPE varchar(100);
        ALTER TABLE mt_streams ALTER COLUMN version TYPE int, DROP COLUMN is_archived;
        """;

    private const string HStore =
        """
        CREATE EXTENSION hstore;
        ALTER TABLE mt_events ADD COLUMN tags hstore, ADD COLUMN is_skipped boolean DEFAULT false;
        UPDATE mt_events SET tags = hstore('parcel', seq_id::text);
        CREATE INDEX idx_mt_events_tags ON mt_events USING gin (tags);
        """;

    [Theory]
    [InlineData(Older)]
    [InlineData(HStore)]
    [InlineData(
        "ALTER TABLE mt_events SET (fillfactor = 90); ALTER TABLE mt_events ALTER COLUMN data SET STORAGE EXTERNAL")]
    [InlineData(
        "UPDATE mt_events SET timestamp = 'infinity' WHERE seq_id <= 900; DELETE FROM mt_events WHERE seq_id > 900")]
    [InlineData("UPDATE mt_events SET timestamp = '2026-01-01 00:00:00Z'")]
    [InlineData("UPDATE mt_events SET timestamp = '-infinity'")]
    [InlineData("DELETE FROM mt_events")]
    [InlineData(
        "CREATE VIEW pg_temp.x AS SELECT 1; CREATE SCHEMA other; CREATE TABLE other.mt_events (LIKE mt_events)")]
    public async Task all_go_there_and_back(string sql)
    {
        await using var store = await PlainStore.CreateAsync(1_000);
        await store.Database.ExecuteAsync(sql);
        var (hash, catalogs) = (await store.HashOrNoneAsync(), await store.CatalogsAsync());

        foreach (var options in (ConversionOptions[])[PlainStore.Options, PlainStore.Shadow])
        {
            (await store.Conversion(options).StartAsync()).Layout.ShouldBe(StoreLayout.Partitioned);
            (await store.HashOrNoneAsync()).ShouldBe(hash);
            await store.Conversion().SplitAsync();
            (await store.HashOrNoneAsync()).ShouldBe(hash);
            (await store.Conversion().RollbackAsync()).Layout.ShouldBe(StoreLayout.Plain);

            (await store.HashOrNoneAsync()).ShouldBe(hash);
            var after = await store.CatalogsAsync();
            (string.Join('\n', after.Except(catalogs)), string.Join('\n', catalogs.Except(after))).ShouldBe(("", ""));
        }
    }

    [Fact]
    public async Task prepared_statements_and_functions_of_a_session_live_through_it()
    {
        await using var store = await PlainStore.CreateAsync(100);
        await using var session = await store.Database.DataSource.OpenConnectionAsync();
        await using var count = new Npgsql.NpgsqlCommand(
            "SELECT count(*), max(version) FROM mt_events WHERE seq_id > $1", session);
        count.Parameters.Add(new Npgsql.NpgsqlParameter { Value = 0L });
        await count.PrepareAsync();
        foreach (var call in (Func<Task>[])
        [
            () => Task.CompletedTask, () => store.Conversion().StartAsync(), () => store.Conversion().SplitAsync(),
            () => store.Conversion().RollbackAsync(),
            () => store.Conversion(PlainStore.Shadow).StartAsync(), () => store.Conversion().RollbackAsync(),
        ])
        {
            await call();
            (await count.ExecuteScalarAsync()).ShouldBe(100L);
        }
    }

    [Theory]
    [InlineData("CREATE MATERIALIZED VIEW seen AS SELECT * FROM mt_events", "public.seen")]
    [InlineData("CREATE RULE seen AS ON DELETE TO mt_events DO INSTEAD NOTHING", "public.mt_events")]
    [InlineData(
        "CREATE FUNCTION seen(e mt_events) RETURNS int LANGUAGE sql AS 'SELECT 1'", "public.seen(public.mt_events)")]
    [InlineData("CREATE PUBLICATION p FOR ALL TABLES", "p")]
    public async Task what_hangs_on_the_table_is_named(string sql, string subject)
    {
        await using var store = await PlainStore.CreateAsync(10);
        var who = sql.EndsWith("FOR ALL TABLES", StringComparison.Ordinal) ? store.Database.Superuser
            : store.Database.DataSource;
        await who.ExecuteAsync(sql);

        var error = await Should.ThrowAsync<ConversionRefusedException>(() => store.Conversion().StartAsync());

        error.Objections.Select(o => o.Subject).ShouldBe([subject]);
    }

    [Fact]
    public async Task a_role_without_rights_is_told_before_anything_is_changed()
    {
        await using var store = await PlainStore.CreateAsync(10);
        var role = "x" + Guid.NewGuid().ToString("N");
        await store.Database.Superuser.ExecuteAsync(
            $"CREATE ROLE {role} LOGIN PASSWORD 'x'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}");
        try
        {
            await using var source = Npgsql.NpgsqlDataSource.Create(new Npgsql.NpgsqlConnectionStringBuilder(
                store.Database.ConnectionString) { Username = role, Password = "x", Pooling = false }.ConnectionString);

            var error = await Should.ThrowAsync<ConversionRefusedException>(
                () => new StoreConversion(source).StartAsync());

            error.Objections.Select(o => o.Subject).ShouldBe(["mt_events", "mt_streams", "public"], ignoreOrder: true);
        }
        finally
        {
            await store.Database.Superuser.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }
}
