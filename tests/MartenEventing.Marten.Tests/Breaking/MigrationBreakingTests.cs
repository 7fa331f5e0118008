using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events;
using MartenEventing.Conversion;
using MartenEventing.Maintenance;
using MartenEventing.Schema;
using Weasel.Core;

namespace MartenEventing.Tests.Breaking;

/// <summary>Weasel and the partitioned table after what operators do.</summary>
public sealed class MigrationBreakingTests
{
    [Theory]
    [InlineData(AutoCreate.All), InlineData(AutoCreate.CreateOrUpdate), InlineData(AutoCreate.CreateOnly), InlineData(AutoCreate.None)]
    public async Task a_store_that_is_in_order_is_left_alone(AutoCreate autoCreate)
    {
        await using var database = await MartenDatabase.CreateAsync();
        await database.Partitioned(Everything).Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        var store = database.Partitioned(options =>
        {
            Everything(options);
            options.AutoCreateSchemaObjects = autoCreate;
        });
        await new PartitionMaintenance(store).RunAsync();
        (await store.Storage.CreateMigrationAsync()).Difference.ShouldBe(SchemaPatchDifference.None);
        (await database.AppendAsync(store, 1)).Count.ShouldBe(1);
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    /// <summary>marten#5309: two stores over one schema that disagree about metadata.</summary>
    [Fact]
    public async Task a_store_with_less_metadata_beside_one_with_more_does_as_on_the_plain_table()
    {
        var plain = await DisagreeAsync(partitioned: false);
        var partitioned = await DisagreeAsync(partitioned: true);
        partitioned.ShouldBe(plain);
    }

    /// <summary>marten#5453, #5268: an index that an operator made himself and that Marten is told to ignore.</summary>
    [Fact]
    public async Task an_ignored_index_stays()
    {
        await using var database = await MartenDatabase.CreateAsync();
        void Configure(StoreOptions options) => options.Events.IgnoreIndex("mt_events_mine");
        await database.Partitioned(Configure).Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await database.DataSource.ExecuteAsync("CREATE INDEX mt_events_mine ON mt_events (type, seq_id)");
        var store = database.Partitioned(Configure);
        (await store.Storage.CreateMigrationAsync()).Difference.ShouldBe(SchemaPatchDifference.None);
    }

    /// <summary>marten#5268: the way that docs tell for the tags: ON ONLY, leaf by leaf, attached.</summary>
    [Fact]
    public async Task an_hstore_index_made_leaf_by_leaf_is_taken_as_it_is()
    {
        await using var database = await MartenDatabase.CreateAsync();
        await database.Partitioned().Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await database.DataSource.ExecuteAsync(
            """
            CREATE EXTENSION IF NOT EXISTS hstore;
            ALTER TABLE mt_events ADD COLUMN tags hstore NULL;
            CREATE INDEX idx_mt_events_tags ON ONLY mt_events USING gin (tags);
            DO $$ DECLARE l text; BEGIN
              FOR l IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'mt_events'::regclass LOOP
                EXECUTE format('CREATE INDEX %1$s_tags ON %1$s USING gin (tags)', l);
                EXECUTE format('ALTER INDEX idx_mt_events_tags ATTACH PARTITION %1$s_tags', l);
              END LOOP;
            END $$;
            """);
        var before = await database.DataSource.ScalarAsync<uint>("SELECT 'idx_mt_events_tags'::regclass::oid");
        var store = database.Partitioned(options =>
        {
            options.Events.DcbStorageMode = DcbStorageMode.HStore;
            options.Events.RegisterTagType<DepotTag>("depot").ForAggregate<DepotLoad>();
        });
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        (await database.DataSource.ScalarAsync<uint>("SELECT 'idx_mt_events_tags'::regclass::oid")).ShouldBe(before);
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        (await new PartitionMaintenance(store).RunAsync()).ShouldAllBe(report => !report.IsIncomplete);
    }

    /// <summary>weasel#508: an invalid index counts as drift, as while an operator builds it leaf by leaf.</summary>
    [Fact]
    public async Task an_index_of_ours_that_is_half_built_is_no_drift()
    {
        await using var database = await MartenDatabase.CreateAsync();
        await database.Partitioned().Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await database.DataSource.ExecuteAsync("CREATE INDEX mt_events_query_type ON ONLY mt_events (type, timestamp)");
        var store = database.Partitioned();
        (await store.Storage.CreateMigrationAsync()).Difference.ShouldBe(SchemaPatchDifference.None);
    }

    /// <summary>marten#3975: events in a schema of their own, added later.</summary>
    [Fact]
    public async Task events_that_get_a_schema_of_their_own_leave_the_documents_where_they_are()
    {
        await using var database = await MartenDatabase.CreateAsync();
        var documents = database.Plain(options =>
        {
            options.DatabaseSchemaName = "my_store";
            options.Schema.For<Depot>();
        });
        await documents.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        var store = database.Partitioned(options =>
        {
            options.DatabaseSchemaName = "my_store";
            options.Events.DatabaseSchemaName = "My_Events";
            options.Schema.For<Depot>();
            options.Projections.Snapshot<Parcel>(SnapshotLifecycle.Inline);
        });
        var script = await SqlAsync(store);
        script.ShouldNotContain("DROP TABLE IF EXISTS my_store.mt_doc_depot");
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        await database.AppendAsync(store, 1);
        (await new PartitionMaintenance(store).RunAsync()).ShouldNotBeEmpty();
    }

    /// <summary>marten#5044: a natural key with conjoined tenancy, booted twice, with a tenant in between.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public async Task natural_keys_and_tenants_survive_a_second_start(bool byTenant)
    {
        await using var database = await MartenDatabase.CreateAsync();
        for (var run = 0; run < 3; run++)
        {
            var store = database.Plain(options =>
            {
                options.AutoCreateSchemaObjects = AutoCreate.CreateOrUpdate;
                options.Events.TenancyStyle = JasperFx.MultiTenancy.TenancyStyle.Conjoined;
                options.Policies.AllDocumentsAreMultiTenanted();
                options.Events.AppendMode = EventAppendMode.Quick;
                options.Events.DcbStorageMode = DcbStorageMode.HStore;
                options.Events.RegisterTagType<DepotTag>("depot").ForAggregate<DepotLoad>();
                options.Projections.Snapshot<LabeledParcel>(SnapshotLifecycle.Inline);
                options.UseTimePartitionedEvents(events => events.ByTenant = byTenant);
            });
            await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
            await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
            await store.SaveAsync(
                session => session.Events.StartStream<LabeledParcel>(Guid.NewGuid(), new ParcelLabeled(new ParcelLabel($"L{run}"))),
                "tenant" + run);
            (await new PartitionMaintenance(store).RunAsync()).ShouldNotBeEmpty();
        }
    }

    /// <summary>Converted, migrated by 9.59 with everything on, and taken back: Marten alone finds no difference.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public async Task what_is_converted_and_migrated_can_be_taken_back(bool tags)
    {
        await using var database = await MartenDatabase.CreateAsync();
        void Less(StoreOptions options) => options.Projections.Snapshot<Parcel>(SnapshotLifecycle.Inline);
        void More(StoreOptions options)
        {
            Less(options);
            options.Events.MetadataConfig.EnableAll();
            options.Events.EnableEventTypeIndex = true;
            if (tags)
                options.Events.RegisterTagType<DepotTag>("depot").ForAggregate<DepotLoad>();
        }

        var plain = database.Plain(Less);
        await plain.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await database.AppendAsync(plain, 20);
        var conversion = new StoreConversion(database.DataSource);
        await conversion.StartAsync();
        var store = database.Partitioned(More);
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await database.AppendAsync(store, 5);
        await conversion.SplitAsync();
        await conversion.CompleteAsync();
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        await database.AppendAsync(store, 5);
        if (tags)
            await store.SaveAsync(session =>
            {
                var scanned = session.Events.BuildEvent(new ParcelScanned("north"));
                scanned.WithTag(new DepotTag("north"));
                session.Events.StartStream(Guid.NewGuid(), scanned);
            });

        await conversion.RevertAsync();

        var again = database.Plain(More);
        var sql = await SqlAsync(again);
        TestContext.Current.TestOutputHelper?.WriteLine(sql);
        await again.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        await database.AppendAsync(again, 1);
    }

    private static async Task<string> SqlAsync(DocumentStore store)
    {
        var text = new StringWriter();
        (await store.Storage.CreateMigrationAsync()).WriteAllUpdates(text, store.Options.Advanced.Migrator, AutoCreate.All);
        return text.ToString();
    }

    private static async Task<string> DisagreeAsync(bool partitioned)
    {
        await using var database = await MartenDatabase.CreateAsync();
        DocumentStore Store(bool more) => (partitioned ? (Func<Action<StoreOptions>?, DocumentStore>)database.Partitioned : database.Plain)(options =>
        {
            if (more)
                options.Events.MetadataConfig.EnableAll();
        });
        var more = Store(true);
        await more.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await database.AppendAsync(more, 1);
        var less = Store(false);
        await less.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        var outcome = "";
        foreach (var store in new[] { less, more })
        {
            try
            {
                await database.AppendAsync(store, 1);
                outcome += "done ";
            }
            catch (Exception error)
            {
                outcome += error.GetType().Name + " ";
            }
        }

        return outcome + string.Join(",", await database.DataSource.ColumnAsync<string>(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'mt_events'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY 1"));
    }

    private static void Everything(StoreOptions options)
    {
        options.Events.MetadataConfig.EnableAll();
        options.Events.EnableEventTypeIndex = true;
        options.Events.RegisterTagType<DepotTag>("depot").ForAggregate<DepotLoad>();
        options.Projections.Snapshot<LabeledParcel>(SnapshotLifecycle.Inline);
        options.Projections.Snapshot<Parcel>(SnapshotLifecycle.Async);
    }

    private sealed record DepotTag(string Value);
}
