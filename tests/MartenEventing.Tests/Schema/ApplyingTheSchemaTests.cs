using MartenEventing.Schema;
using MartenEventing.TestSupport.Schema;
using MartenEventing.Tests.Events;

namespace MartenEventing.Tests.Schema;

public sealed class ApplyingTheSchemaTests
{
    [Theory]
    [InlineData(StreamIdentity.Guid, StoreLayout.Partitioned, EventTenancy.Single, "public")]
    [InlineData(StreamIdentity.Guid, StoreLayout.Plain, EventTenancy.Single, "events")]
    [InlineData(StreamIdentity.String, StoreLayout.Partitioned, EventTenancy.Single, "Weird Name")]
    [InlineData(StreamIdentity.String, StoreLayout.Plain, EventTenancy.Single, "Größe; --/*")]
    [InlineData(StreamIdentity.Guid, StoreLayout.Partitioned, EventTenancy.Conjoined, "public")]
    [InlineData(StreamIdentity.Guid, StoreLayout.Plain, EventTenancy.Conjoined, "public")]
    [InlineData(StreamIdentity.String, StoreLayout.Partitioned, EventTenancy.Conjoined, "Größe; --/*")]
    public async Task an_empty_database_gets_the_store_asked_for(
        StreamIdentity identity, StoreLayout layout, EventTenancy tenancy, string schema)
    {
        await using var store = await StoreDatabase.CreateAsync(identity, layout, schema: schema, tenancy: tenancy);

        var shape = await StoreShape.ReadAsync(store.DataSource, schema);

        shape.ShouldBe(new StoreShape
        {
            SchemaName = schema,
            StreamIdentity = identity,
            Tenancy = tenancy,
            Layout = layout,
            IsSetUp = layout == StoreLayout.Partitioned,
        });
        await AppendAsync(store);
        (await store.ScalarAsync<long>($"SELECT version FROM \"{schema}\".mt_events")).ShouldBe(1);
    }

    [Theory]
    [InlineData(PartitionPeriod.Day)]
    [InlineData(PartitionPeriod.Week)]
    [InlineData(PartitionPeriod.Month)]
    [InlineData(PartitionPeriod.Quarter)]
    [InlineData(PartitionPeriod.Year)]
    public async Task the_current_period_and_three_more_exist_between_head_and_tail(PartitionPeriod period)
    {
        await using var store = await StoreDatabase.CreateAsync(period: period);

        (await store.ColumnAsync<string>("SELECT kind FROM mt_partitions()")).ShouldBe(
            ["head", .. Enumerable.Repeat(period.ToString().ToLowerInvariant(), 4), "tail"]);
    }

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task a_second_apply_finds_nothing_to_do(EventTenancy tenancy)
    {
        await using var store = await StoreDatabase.CreateAsync(tenancy: tenancy);

        var report = await new SchemaMigrator(store.DataSource, store.Options).ApplyAsync();

        report.Applied.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(EventTenancy.Single, false)]
    [InlineData(EventTenancy.Conjoined, true)]
    public async Task an_owner_without_superuser_rights_sets_it_up_and_looks_after_it(
        EventTenancy tenancy, bool byTenant)
    {
        await using var database = await TestDatabase.CreateAsync();
        var options = new SchemaOptions { Tenancy = tenancy, PartitionByTenant = byTenant };

        await new SchemaMigrator(database.DataSource, options).ApplyAsync();
        await database.DataSource.ExecuteAsync("SELECT ensure_event_store_partition('north', 5, 12)");

        (await new SchemaMigrator(database.DataSource, options).GetStatusAsync()).IsUpToDate.ShouldBeTrue();
        (await database.DataSource.ScalarAsync<string>(
            "SELECT coalesce(current_setting('mt_events.tenant', true), '')"))
            .ShouldBe("");
    }

    [Fact]
    public async Task a_second_apply_needs_no_rights_to_change_the_schema()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var limited = await LimitedRole.CreateAsync(store, "SELECT ON mt_migrations");

        var report = await new SchemaMigrator(limited.DataSource, store.Options).ApplyAsync();

        report.Applied.ShouldBeEmpty();
    }

    [Fact]
    public async Task an_empty_plain_store_becomes_partitioned_when_asked()
    {
        await using var store = await StoreDatabase.CreateAsync(layout: StoreLayout.Plain);

        var report = await new SchemaMigrator(
            store.DataSource, store.Options with { Layout = StoreLayout.Partitioned }).ApplyAsync();

        report.Applied.ShouldBe(["V002__partitioning_setup.sql", "V003__brin_indexes.sql"]);
        (await StoreShape.ReadAsync(store.DataSource, store.Schema)).Layout.ShouldBe(StoreLayout.Partitioned);
    }

    [Fact]
    public async Task a_plain_store_with_events_is_left_alone_and_the_error_names_the_conversion()
    {
        await using var store = await StoreDatabase.CreateAsync(layout: StoreLayout.Plain);
        await AppendAsync(store);

        var error = await Should.ThrowAsync<StoreHoldsEventsException>(() => new SchemaMigrator(
            store.DataSource, store.Options with { Layout = StoreLayout.Partitioned }).ApplyAsync());

        error.SchemaName.ShouldBe("public");
        error.Message.ShouldContain("marten-eventing convert");
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(1);
    }

    [Fact]
    public async Task an_event_that_is_being_written_when_partitioning_begins_is_not_lost()
    {
        await using var store = await StoreDatabase.CreateAsync(layout: StoreLayout.Plain);
        await using var writer = await store.DataSource.OpenConnectionAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        await using var insert = writer.CreateCommand();
        insert.CommandText =
            """
            INSERT INTO mt_events (seq_id, id, version, data, type, timestamp)
            VALUES (1, gen_random_uuid(), 1, '1', 'a', now())
            """;
        await insert.ExecuteNonQueryAsync();

        var apply = new SchemaMigrator(
            store.DataSource, store.Options with { Layout = StoreLayout.Partitioned }).ApplyAsync();
        await Until.TrueAsync(() => store.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'mt_events'::regclass)"));
        await transaction.CommitAsync();

        await Should.ThrowAsync<StoreHoldsEventsException>(() => apply);
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(1);
    }

    [Fact]
    public async Task a_store_of_the_other_identity_is_left_alone()
    {
        await using var store = await StoreDatabase.CreateAsync(StreamIdentity.String);

        var error = await Should.ThrowAsync<StoreMismatchException>(() => new SchemaMigrator(
            store.DataSource, store.Options with { StreamIdentity = StreamIdentity.Guid }).ApplyAsync());

        (error.Option, error.Asked, error.Found).ShouldBe(("StreamIdentity", "Guid", "String"));
    }

    [Theory]
    [InlineData(EventTenancy.Single, EventTenancy.Conjoined)]
    [InlineData(EventTenancy.Conjoined, EventTenancy.Single)]
    public async Task a_store_of_the_other_tenancy_is_left_alone(EventTenancy tenancy, EventTenancy other)
    {
        await using var store = await StoreDatabase.CreateAsync(tenancy: tenancy);
        var before = await Catalogs.ReadAsync(store.DataSource, store.Schema);

        var error = await Should.ThrowAsync<StoreMismatchException>(
            () => new SchemaMigrator(store.DataSource, store.Options with { Tenancy = other }).ApplyAsync());

        (error.Option, error.Asked, error.Found).ShouldBe(("Tenancy", $"{other}", $"{tenancy}"));
        (await Catalogs.ReadAsync(store.DataSource, store.Schema)).ShouldBe(before);
    }

    [Fact]
    public async Task a_partitioned_store_is_not_made_plain()
    {
        await using var store = await StoreDatabase.CreateAsync();

        var error = await Should.ThrowAsync<StoreMismatchException>(() => new SchemaMigrator(
            store.DataSource, store.Options with { Layout = StoreLayout.Plain }).ApplyAsync());

        (error.Option, error.Asked, error.Found).ShouldBe(("Layout", "Plain", "Partitioned"));
    }

    [Fact]
    public async Task a_schema_without_a_store_is_told_with_what_to_do()
    {
        await using var database = await TestDatabase.CreateAsync();

        var error = await Should.ThrowAsync<StoreNotFoundException>(
            () => StoreShape.ReadAsync(database.DataSource, "public"));

        error.Message.ShouldBe($"Schema \"public\" of database \"{database.Name}\" holds no event store. "
            + "Set one up: marten-eventing db apply.");
    }

    internal static Task AppendAsync(StoreDatabase store)
    {
        const string Stream = "5b1d3c64-6b2c-4d0d-9a3e-0d8a4d2f7a11";
        var schema = $"\"{store.Schema}\"";
        return store.ExecuteAsync(
            $"""
             INSERT INTO {schema}.mt_streams (id, version) VALUES ('{Stream}', 1);
             INSERT INTO {schema}.mt_events (seq_id, id, stream_id, version, data, type, timestamp)
             VALUES (nextval('{schema}.mt_events_sequence'), gen_random_uuid(), '{Stream}', 1, '1', 'a', now());
             """);
    }
}
