using JasperFx;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Projections;
using MartenEventing.Maintenance;
using MartenEventing.Marten.Health;
using MartenEventing.Marten.Maintenance;
using MartenEventing.Schema;
using Weasel.Core;

namespace MartenEventing.Tests.Modeling;

public sealed class SchemaTests
{
    [Fact]
    public async Task after_an_apply_nothing_differs_and_the_next_one_runs_no_statement()
    {
        await using var database = await MartenDatabase.CreateAsync();
        var store = database.Partitioned();
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        (await database.DataSource.ColumnAsync<string>("SELECT kind FROM mt_partitions()"))
            .ShouldBe(["head", "month", "month", "month", "month", "tail"]);

        var log = new SchemaLog();
        var another = database.Partitioned(options => options.Logger(log));
        (await another.Storage.Database.ApplyAllConfiguredChangesToDatabaseAsync()).ShouldBe(
            SchemaPatchDifference.None);
        await another.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        log.Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task a_store_whose_functions_are_open_to_everybody_differs_and_is_closed()
    {
        await using var database = await MartenDatabase.CreateAsync();
        await database.Partitioned().Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await database.Superuser.ExecuteAsync(
            "UPDATE pg_proc SET proacl = NULL, proconfig = NULL WHERE proname IN ('mt_guard_stream_delete', " +
            "'mt_partitions')");
        var store = database.Partitioned();
        await Should.ThrowAsync<Weasel.Core.Migrations.DatabaseValidationException>(
            () => store.Storage.Database.AssertDatabaseMatchesConfigurationAsync());

        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();

        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        (await database.DataSource.ScalarAsync<long>(
            "SELECT count(*) FROM pg_proc WHERE proname IN ('mt_guard_stream_delete', 'mt_partitions') AND proconfig "
            + "IS NOT NULL AND NOT EXISTS (SELECT FROM aclexplode(proacl) a WHERE a.grantee = 0)"))
                .ShouldBe(2);
    }

    [Theory]
    [InlineData(AutoCreate.All)]
    [InlineData(AutoCreate.CreateOrUpdate)]
    [InlineData(AutoCreate.CreateOnly)]
    public async Task the_first_append_makes_what_it_needs(AutoCreate autoCreate)
    {
        await using var database = await MartenDatabase.CreateAsync();
        var store = database.Partitioned(options => options.AutoCreateSchemaObjects = autoCreate);
        await using var session = store.LightweightSession();
        var id = session.Events.StartStream<Parcel>(new ParcelRegistered("Here"), new ParcelScanned("A")).Id;
        await session.SaveChangesAsync();

        (await session.Events.AggregateStreamAsync<Parcel>(id))!.Scans.ShouldBe(1);
        (await database.DataSource.ScalarAsync<string>("SELECT DISTINCT tableoid::regclass::text FROM mt_events"))
            .ShouldStartWith("mt_events_m");
    }

    [Fact]
    public async Task with_AutoCreate_None_a_database_made_beforehand_is_used_as_it_is()
    {
        await using var database = await MartenDatabase.CreateAsync();
        await database.Partitioned().Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        var log = new SchemaLog();
        var store = database.Partitioned(options =>
        {
            options.AutoCreateSchemaObjects = AutoCreate.None;
            options.Logger(log);
        });

        await using var session = store.LightweightSession();
        session.Events.StartStream<Parcel>(new ParcelRegistered("Here"));
        await session.SaveChangesAsync();

        log.Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task what_is_added_later_is_migrated_and_no_event_is_touched()
    {
        await using var database = await MartenDatabase.CreateAsync();
        await database.AppendAsync(database.Partitioned(), streams: 20);
        var before = await EventsAsync(database);

        var store = database.Partitioned(options =>
        {
            options.Projections.Snapshot<Parcel>(SnapshotLifecycle.Inline);
            options.Schema.For<Depot>();
            options.Events.MetadataConfig.CorrelationIdEnabled = true;
            options.Events.MetadataConfig.HeadersEnabled = true;
            options.Events.EnableEventTypeIndex = true;
        });
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();

        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        (await EventsAsync(database)).ShouldBe(before);
        (await database.DataSource.ScalarAsync<long>(
            """
            SELECT count(*) FROM pg_attribute a JOIN pg_inherits i ON i.inhrelid = a.attrelid
             WHERE i.inhparent = 'mt_events'::regclass AND a.attname IN ('correlation_id', 'headers')
            """)).ShouldBe(2 * 6);
        await database.AppendAsync(store, streams: 1);
    }

    [Fact]
    public async Task a_function_view_trigger_or_index_that_is_missing_or_changed_is_put_right()
    {
        await using var database = await MartenDatabase.CreateAsync();
        var store = database.Partitioned();
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await database.DataSource.ExecuteAsync(
            """
            DROP FUNCTION mt_period_add;
            CREATE OR REPLACE FUNCTION mt_guard_event() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
            DROP VIEW event_store_partition_overview;
            DROP TRIGGER mt_guard_commit ON mt_streams;
            DROP INDEX mt_events_timestamp_brin;
            """);

        var another = database.Partitioned();
        await Should.ThrowAsync<Weasel.Core.Migrations.DatabaseValidationException>(
            () => another.Storage.Database.AssertDatabaseMatchesConfigurationAsync());
        await another.Storage.ApplyAllConfiguredChangesToDatabaseAsync();

        await another.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        var status = await new SchemaMigrator(database.DataSource, new SchemaOptions()).GetStatusAsync();
        status.MissingGuardTriggers.ShouldBeEmpty();
    }

    [Fact]
    public async Task with_AutoCreate_CreateOnly_what_would_have_to_be_changed_is_named()
    {
        await using var database = await MartenDatabase.CreateAsync();
        await database.Partitioned().Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await database.DataSource.ExecuteAsync(
            "DROP FUNCTION mt_period_add; DROP TRIGGER mt_guard_commit ON mt_streams");
        var store = database.Partitioned(options => options.AutoCreateSchemaObjects = AutoCreate.CreateOnly);

        (await Should.ThrowAsync<SchemaMigrationException>(() => database.AppendAsync(store, streams: 1)))
            .Message.ShouldContain("public.mt_events (mt_period_add, guard and partitions)");
    }

    [Fact]
    public async Task the_whole_schema_as_a_script_makes_the_same_database()
    {
        await using var database = await MartenDatabase.CreateAsync();
        var store = database.Partitioned(options => options.DatabaseSchemaName = "parcels");

        await Psql.RunAsync(database.ConnectionString, store.Storage.Database.ToDatabaseScript());

        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Theory]
    [InlineData("housing", 2)]
    [InlineData("a_name_that_is_longer_than_the_sixty_three_bytes_which_the_server_keeps_of_any", 1)]
    public async Task schemas_may_be_named_as_with_Marten_alone(string schema, int starts)
    {
        await using var database = await MartenDatabase.CreateAsync();
        for (var i = 0; i < starts; i++)
        {
            var store = database.Partitioned(options =>
            {
                options.DatabaseSchemaName = schema;
                options.NameDataLength = 100;
            });
            await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
            await database.AppendAsync(store, streams: 1);
            (await new PartitionMaintenance(store).RunAsync()).Count.ShouldBe(1);
            (await new DaemonProgress(store).ReadAsync(DateTimeOffset.UtcNow)).Count.ShouldBe(1);
        }

        (await database.DataSource.ScalarAsync<long>($"SELECT count(*) FROM {schema}.mt_events")).ShouldBe(2 * starts);
    }

    private static Task<string> EventsAsync(MartenDatabase database) => database.DataSource.ScalarAsync<string>(
        "SELECT string_agg(format('%s %s %s %s %s', seq_id, stream_id, version, data, timestamp), ';') FROM "
        + "(SELECT * FROM mt_events ORDER BY seq_id) e");
}
