using JasperFx;
using Marten;
using MartenEventing.Marten;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Schema;
using Npgsql;

namespace MartenEventing.Tests.Modeling;

public sealed class PlainStoreTests
{
    [Theory]
    [InlineData(AutoCreate.All)]
    [InlineData(AutoCreate.CreateOrUpdate)]
    [InlineData(AutoCreate.CreateOnly)]
    public async Task a_plain_store_is_refused_before_anything_is_changed(AutoCreate autoCreate)
    {
        await using var database = await MartenDatabase.CreateAsync();
        await database.AppendAsync(database.Plain(), streams: 3);
        var before = await Catalogs.DescribeAsync(database.DataSource, "public");

        var store = database.Partitioned(options => options.AutoCreateSchemaObjects = autoCreate);
        var applied = await Should.ThrowAsync<PlainEventStoreException>(
            () => store.Storage.ApplyAllConfiguredChangesToDatabaseAsync());
        await Should.ThrowAsync<PlainEventStoreException>(
            () => store.Storage.Database.AssertDatabaseMatchesConfigurationAsync());
        await Should.ThrowAsync<PlainEventStoreException>(() => database.AppendAsync(store, streams: 1));

        applied.SchemaName.ShouldBe("public");
        applied.Message.ShouldBe(
            "The table mt_events in schema \"public\" is plain, and this store is configured with "
            + "UseTimePartitionedEvents. Nothing was changed. Convert it: `marten-eventing convert start --schema "
            + "public`; while it holds no events, `marten-eventing db apply --schema public` does. To deploy first and "
            + "convert later, set TimePartitionedEvents.WhenPlain to RunPlain.");
        (await Catalogs.DescribeAsync(database.DataSource, "public")).ShouldBe(before);
        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(6);
    }

    [Fact]
    public async Task the_script_for_a_new_database_says_so_too_and_changes_nothing()
    {
        await using var database = await MartenDatabase.CreateAsync();
        await database.AppendAsync(database.Plain(), streams: 3);
        var before = await Catalogs.DescribeAsync(database.DataSource, "public");

        var script = database.Partitioned().Storage.Database.ToDatabaseScript();
        var error = await Should.ThrowAsync<PostgresException>(() => database.DataSource.ExecuteAsync(script));

        (error.SqlState, error.MessageText).ShouldBe(
            (PostgresErrorCodes.ObjectNotInPrerequisiteState, "mt_events is a plain table"));
        (await Catalogs.DescribeAsync(database.DataSource, "public")).ShouldBe(before);
    }

    [Fact]
    public async Task with_RunPlain_it_runs_as_Marten_alone_would_and_no_schema_check_sees_a_difference()
    {
        await using var database = await MartenDatabase.CreateAsync();
        await database.Plain(WithTags).Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await database.AppendAsync(database.Plain(WithTags), streams: 3);
        var before = await Catalogs.DescribeAsync(database.DataSource, "public");

        var store = RunningPlain(database);
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        await database.AppendAsync(store, streams: 1);

        (await Catalogs.DescribeAsync(database.DataSource, "public")).ShouldBe(before);
        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(8);
    }

    [Fact]
    public async Task with_RunPlain_columns_that_are_added_later_reach_the_plain_table()
    {
        await using var database = await MartenDatabase.CreateAsync();
        await database.AppendAsync(database.Plain(), streams: 3);

        var store = RunningPlain(database, options => options.Events.MetadataConfig.CorrelationIdEnabled = true);
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();

        (await database.DataSource.ScalarAsync<string>(
            "SELECT relkind::text FROM pg_class WHERE relname = 'mt_events'"))
            .ShouldBe("r");
        await database.AppendAsync(store, streams: 1);
        (await database.DataSource.ScalarAsync<long>("SELECT count(correlation_id) FROM mt_events")).ShouldBe(0);
    }

    [Fact]
    public async Task with_RunPlain_an_application_goes_on_when_the_store_has_become_partitioned()
    {
        await using var database = await MartenDatabase.CreateAsync();
        var running = RunningPlain(database);
        await database.Plain().Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await running.Storage.ApplyAllConfiguredChangesToDatabaseAsync();

        await new SchemaMigrator(database.DataSource, new SchemaOptions()).ApplyAsync();
        await database.AppendAsync(running, streams: 2);

        var restarted = RunningPlain(database);
        await restarted.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        await database.AppendAsync(restarted, streams: 2);
        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(8);
    }

    private static void WithTags(StoreOptions options) => options.Events.RegisterTagType<ParcelCode>("code");

    private static DocumentStore RunningPlain(MartenDatabase database, Action<StoreOptions>? configure = null) =>
        database.Plain(options =>
        {
            options.UseTimePartitionedEvents(events => events.WhenPlain = PlainStorePolicy.RunPlain);
            (configure ?? WithTags)(options);
        });
}
