using MartenEventing.Conversion;
using MartenEventing.Events;
using MartenEventing.Maintenance;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Retention;
using MartenEventing.Schema;
using MartenEventing.Security;
using MartenEventing.TestSupport.Importing;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Politeness;

/// <summary>A pooler before the server: in transaction mode it gives each transaction another session.</summary>
public sealed class PoolerTests
{
    public static TheoryData<string> NeedsASession =>
        ["maintain", "ensure", "roll-up", "retention", "convert", "vacuum", "import"];

    [Theory]
    [MemberData(nameof(NeedsASession))]
    public async Task what_needs_a_session_is_refused_before_anything_is_changed(string what)
    {
        Assert.SkipWhen(PgBouncer.Missing is not null, PgBouncer.Missing ?? "");
        await using var store = await StoreDatabase.CreateAsync(
            layout: what == "convert" ? StoreLayout.Plain : StoreLayout.Partitioned);
        await using var pooler = await PgBouncer.StartAsync(store.ConnectionString);
        await using var source = NpgsqlDataSource.Create(pooler.ConnectionString);
        var before = await StateAsync(store);

        var error = await Should.ThrowAsync<SessionNotKeptException>(RunAsync(what, source));

        error.Message.ShouldContain("A pooler that gives each transaction another session stands between");
        error.Message.ShouldContain("Connect to the server itself");
        (await StateAsync(store)).ShouldBe(before);
    }

    [Fact]
    public async Task no_setting_of_ours_reaches_the_sessions_of_other_clients()
    {
        Assert.SkipWhen(PgBouncer.Missing is not null, PgBouncer.Missing ?? "");
        await using var store = await StoreDatabase.CreateAsync();
        await using var pooler = await PgBouncer.StartAsync(store.ConnectionString, servers: 4);
        await using var source = NpgsqlDataSource.Create(pooler.ConnectionString);
        foreach (var what in NeedsASession.Select(row => row.Data).Where(what => what != "convert"))
            await Should.ThrowAsync<SessionNotKeptException>(RunAsync(what, source));
        await WorkAsync(source, store.Options);

        var open = new List<OpenTransaction>();
        var settings = new HashSet<string>();
        for (var i = 0; i < 4; i++)
        {
            open.Add(await OpenTransaction.BeginAsync(source, "SELECT 1"));
            settings.UnionWith(await open[^1].ReadAsync(
                """
                SELECT concat_ws('|', current_setting('search_path'), current_setting('lock_timeout'),
                                 current_setting('statement_timeout'),
                                     nullif(current_setting('mt_events.tenant', true), ''))
                """));
        }

        settings.ShouldHaveSingleItem().ShouldBe("\"$user\", public|0|0");
        (await store.ScalarAsync<long>(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = "
            + "current_database() WHERE l.locktype = 'advisory'")).ShouldBe(0);
        foreach (var each in open)
            await each.DisposeAsync();
    }

    [Fact]
    public async Task a_store_is_set_up_written_to_and_read_and_holds_and_roles_are_given()
    {
        Assert.SkipWhen(PgBouncer.Missing is not null, PgBouncer.Missing ?? "");
        await using var database = await TestDatabase.CreateAsync();
        await using var pooler = await PgBouncer.StartAsync(database.ConnectionString);
        await using var source = NpgsqlDataSource.Create(pooler.ConnectionString);

        await new SchemaMigrator(source, new SchemaOptions()).ApplyAsync();
        await WorkAsync(source, new SchemaOptions());

        (await new SchemaMigrator(source, new SchemaOptions()).GetStatusAsync()).IsUpToDate.ShouldBeTrue();
    }

    [Fact]
    public async Task a_pooler_that_keeps_sessions_together_is_as_good_as_none()
    {
        Assert.SkipWhen(PgBouncer.Missing is not null, PgBouncer.Missing ?? "");
        await using var store = await StoreDatabase.CreateAsync();
        await using var pooler = await PgBouncer.StartAsync(store.ConnectionString, "session", servers: 20);
        await using var source = NpgsqlDataSource.Create(pooler.ConnectionString);

        foreach (var what in NeedsASession.Select(row => row.Data).Where(what => what != "convert"))
            await RunAsync(what, source);

        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(1);
    }

    private static async Task WorkAsync(NpgsqlDataSource source, SchemaOptions options)
    {
        var events = new PostgresEventStore(
            source, new EventStoreOptions { SchemaName = options.SchemaName, Prepare = false });
        var streams = Enumerable.Range(0, 20).Select(_ => new StreamId(Guid.NewGuid())).ToList();
        await Task.WhenAll(streams.Select(stream => events.AppendAsync(
            stream, ExpectedVersion.NoStream, [new NewEvent("scanned", "{}"), new NewEvent("scanned", "{}")])));
        foreach (var stream in streams)
            (await events.LoadStreamAsync(stream)).Count.ShouldBe(2);
        (await events.ReadPageAsync(0, 100)).Events.Count.ShouldBeGreaterThanOrEqualTo(40);
        var holds = new LegalHolds(source);
        (await holds.LiftAsync((await holds.HoldTenantAsync("*DEFAULT*", "a claim")).Id)).ShouldBeTrue();
        await new StoreRoles(source).ApplyAsync([]);
        (await new PartitionCatalog(source, options.SchemaName).ListAsync()).ShouldNotBeEmpty();
    }

    private static Task RunAsync(string what, NpgsqlDataSource source)
    {
        var clock = new TestClock(Month(1));
        return what switch
        {
            "maintain" => new MaintenancePass(source, "public", null, clock).RunAsync(),
            "ensure" => new MaintenancePass(source, "public", null, clock).EnsureAsync(),
            "roll-up" => new MaintenancePass(source, "public", null, clock).RollUpAsync(),
            "retention" => new StoreRetention(source, options: new RetentionOptions { KeepLast = 3 }).ApplyAsync(),
            "convert" => new StoreConversion(source).StartAsync(),
            "vacuum" => new StoreUpkeep(source, "public").ExecuteAsync(
                new UpkeepStatement("mt_streams", "VACUUM public.mt_streams")),
            _ => new EventImporter(source, new EventStoreOptions { Prepare = false }).ImportAsync(
                EventLines.Text(EventLines.Line("0193c1a0-0000-7000-8000-000000000007", 1)),
                new ImportOptions { Source = "pooled" }),
        };
    }

    private static Task<string> StateAsync(StoreDatabase store) => store.ScalarAsync<string>(
        """
        SELECT (SELECT md5(string_agg(c.relname, ',' ORDER BY c.relname)) FROM pg_class c
                 WHERE c.relnamespace = 'public'::regnamespace)
            || (SELECT count(*) FROM mt_events) || (SELECT count(*) FROM pg_locks l WHERE l.locktype = 'advisory'
                  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
        """);
}
