using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using JasperFx.MultiTenancy;
using Marten;
using MartenEventing.Maintenance;
using MartenEventing.Retention;
using Npgsql;

namespace MartenEventing.Tests.Breaking;

/// <summary>An owner without superuser rights, odd schema names, settings of the role.</summary>
public sealed class OwnerBreakingTests
{
    [Theory, InlineData(false, false), InlineData(true, false), InlineData(true, true)]
    public async Task an_owner_without_superuser_migrates_and_maintains(bool conjoined, bool byTenant)
    {
        await using var owner = await Owner.CreateAsync("");
        using var store = owner.Store(options =>
        {
            if (conjoined)
            {
                options.Events.TenancyStyle = TenancyStyle.Conjoined;
                options.Policies.AllDocumentsAreMultiTenanted();
            }

            options.UseTimePartitionedEvents(events => events.ByTenant = byTenant);
            options.Projections.Snapshot<Parcel>(SnapshotLifecycle.Inline);
        });

        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        await UseAsync(store, conjoined ? "north" : null);
    }

    [Theory]
    [InlineData("ALTER ROLE {0} SET search_path = elsewhere, public")]
    [InlineData("ALTER ROLE {0} SET search_path = ''")]
    [InlineData("ALTER ROLE {0} SET TimeZone = 'America/St_Johns'")]
    [InlineData("ALTER ROLE {0} SET DateStyle = 'German, DMY'; ALTER ROLE {0} SET IntervalStyle = 'sql_standard'")]
    [InlineData("ALTER ROLE {0} SET default_transaction_isolation = 'serializable'")]
    [InlineData("ALTER ROLE {0} SET plan_cache_mode = 'force_generic_plan'; ALTER ROLE {0} SET jit = off; ALTER ROLE {0} SET extra_float_digits = 0; ALTER ROLE {0} SET bytea_output = 'escape'")]
    [InlineData("ALTER ROLE {0} SET check_function_bodies = on; ALTER ROLE {0} SET client_min_messages = debug1")]
    [InlineData("ALTER ROLE {0} SET row_security = off; ALTER ROLE {0} SET xmlbinary = hex; ALTER ROLE {0} SET transform_null_equals = on")]
    [InlineData("ALTER ROLE {0} SET enable_partition_pruning = off")]
    [InlineData("ALTER ROLE {0} SET default_toast_compression = 'pglz'; ALTER ROLE {0} SET default_table_access_method = 'heap'; ALTER ROLE {0} SET standard_conforming_strings = on; ALTER ROLE {0} SET backslash_quote = on; ALTER ROLE {0} SET array_nulls = off")]
    public async Task settings_of_the_role_do_not_matter(string settings)
    {
        await using var owner = await Owner.CreateAsync(settings, superuser: true);
        using var store = owner.Store(options =>
        {
            options.UseTimePartitionedEvents();
            options.Projections.Snapshot<Parcel>(SnapshotLifecycle.Inline);
        });

        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        await UseAsync(store, null);
    }

    [Theory]
    [InlineData("Parcels", AutoCreate.All)]
    [InlineData("PARCELS", AutoCreate.CreateOrUpdate)]
    [InlineData("my parcels", AutoCreate.CreateOrUpdate)]
    [InlineData("user", AutoCreate.CreateOrUpdate)]
    [InlineData("päckchen", AutoCreate.CreateOrUpdate)]
    [InlineData("1st", AutoCreate.CreateOrUpdate)]
    [InlineData("a-b", AutoCreate.CreateOrUpdate)]
    public async Task odd_names_of_schemas_do_as_well_as_on_the_plain_table(string schema, AutoCreate autoCreate)
    {
        var plain = await TryAsync(schema, autoCreate, partitioned: false);
        var partitioned = await TryAsync(schema, autoCreate, partitioned: true);
        partitioned.ShouldBe(plain);
    }

    /// <summary>A floor table that another role owns, as where the application migrates and somebody else maintains.</summary>
    [Fact]
    public async Task retention_by_a_role_that_may_not_read_the_floors_says_so()
    {
        await using var database = await MartenDatabase.CreateAsync();
        var store = database.Partitioned();
        await History.AppendAsync(database, store);
        await database.DataSource.ExecuteAsync("ALTER TABLE mt_event_projection_floors RENAME TO f; CREATE SCHEMA other; "
            + "ALTER TABLE f SET SCHEMA other; CREATE VIEW mt_event_projection_floors AS SELECT * FROM other.f");

        (await new StoreRetention(database.DataSource, options: new RetentionOptions { OlderThan = RetentionAge.Parse("3mo") })
            .PlanAsync()).Partitions.ShouldNotBeEmpty();
    }

    private static async Task<string> TryAsync(string schema, AutoCreate autoCreate, bool partitioned)
    {
        await using var database = await MartenDatabase.CreateAsync();
        try
        {
            for (var run = 0; run < 2; run++)
            {
                var store = database.Plain(options =>
                {
                    options.DatabaseSchemaName = schema;
                    options.AutoCreateSchemaObjects = autoCreate;
                    options.Projections.Snapshot<Parcel>(SnapshotLifecycle.Inline);
                    if (partitioned)
                        options.UseTimePartitionedEvents();
                });
                await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
                await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
                await store.SaveAsync(session => session.Events.StartStream<Parcel>(new ParcelRegistered("Here")));
            }

            return "done";
        }
        catch (Exception error)
        {
            var inner = error as PostgresException ?? error.InnerException as PostgresException;
            TestContext.Current.TestOutputHelper?.WriteLine($"{schema} {partitioned} {error}");
            return error.GetType().Name + " " + inner?.SqlState;
        }
    }

    private static async Task UseAsync(IDocumentStore store, string? tenant)
    {
        var id = Guid.NewGuid();
        await store.SaveAsync(session => session.Events.StartStream<Parcel>(id, new ParcelRegistered("Here")), tenant);
        await store.SaveAsync(session => session.Events.Append(id, new ParcelScanned("A")), tenant);
        (await new PartitionMaintenance(store).RunAsync()).ShouldAllBe(report => !report.IsIncomplete);
        await new PartitionMaintenance(store).ApplyRetentionAsync(
            new RetentionOptions { OlderThan = RetentionAge.Parse("3mo") });
        await store.SaveAsync(session => session.Events.TombstoneStream(id), tenant);
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    private sealed class Owner(TestDatabase database, string role) : IAsyncDisposable
    {
        public static async Task<Owner> CreateAsync(string settings, bool superuser = false)
        {
            var database = await TestDatabase.CreateAsync();
            var role = "r_" + database.Name;
            await database.DataSource.ExecuteAsync(
                $"CREATE ROLE {role} LOGIN PASSWORD 'secret' {(superuser ? "SUPERUSER" : "")}; "
                + $"GRANT ALL ON DATABASE {database.Name} TO {role}; GRANT ALL ON SCHEMA public TO {role}; "
                + $"ALTER DATABASE {database.Name} OWNER TO {role}; CREATE SCHEMA elsewhere AUTHORIZATION {role};");
            if (settings.Length > 0)
                await database.DataSource.ExecuteAsync(settings.Replace("{0}", role, StringComparison.Ordinal));
            return new Owner(database, role);
        }

        public DocumentStore Store(Action<StoreOptions> configure) => DocumentStore.For(options =>
        {
            options.Connection(new NpgsqlConnectionStringBuilder(database.ConnectionString)
            {
                Username = role, Password = "secret", Pooling = false,
            }.ConnectionString);
            options.Events.AddEventTypes([typeof(ParcelRegistered), typeof(ParcelScanned), typeof(ParcelDelivered)]);
            configure(options);
        });

        public async ValueTask DisposeAsync()
        {
            await database.DataSource.ExecuteAsync($"REASSIGN OWNED BY {role} TO CURRENT_USER");
            await database.DataSource.ExecuteAsync($"DROP OWNED BY {role}");
            var cs = database.ConnectionString;
            await database.DisposeAsync();
            await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(cs) { Database = "postgres", Pooling = false }.ConnectionString);
            await source.ExecuteAsync($"DROP ROLE IF EXISTS {role}");
        }
    }
}
