using MartenEventing.Schema;

namespace MartenEventing.Tests.Schema;

public sealed class MigrationHistoryTests
{
    [Fact]
    public async Task a_changed_versioned_file_stops_everything_and_is_named_with_both_checksums()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var now = await store.ScalarAsync<string>("SELECT checksum FROM mt_migrations WHERE name LIKE 'V001%'");
        await store.ExecuteAsync(
            "UPDATE mt_migrations SET checksum = 'other' WHERE name LIKE 'V001%' OR name LIKE '%mt_claim_of.sql'");

        var error = await Should.ThrowAsync<MigrationChangedException>(
            () => new SchemaMigrator(store.DataSource, store.Options).ApplyAsync());

        (error.Name, error.AppliedChecksum, error.Checksum).ShouldBe(("V001__event_store.sql", "other", now));
        error.Message.ShouldContain(
            "Nothing was changed. Use the version of MartenEventing that applied it or a later one");
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_migrations WHERE checksum = 'other'")).ShouldBe(2);
    }

    [Fact]
    public async Task a_former_text_of_a_file_that_names_it_counts_as_applied_and_what_it_made_stays()
    {
        await using var store = await StoreDatabase.CreateAsync();
        const string OfMarten929 = "f6431686f5eaa3e70f7ed9b85b6fd2deded4896f388e4ba22e2159bdbba2c13d";
        await store.ExecuteAsync("UPDATE mt_migrations SET checksum = $1 WHERE name LIKE 'V001%'", OfMarten929);
        await store.ExecuteAsync(
            "ALTER TABLE mt_streams DROP COLUMN compacted_version; DROP TABLE mt_event_projection_floors");

        var report = await new SchemaMigrator(store.DataSource, store.Options).ApplyAsync();
        var status = await new SchemaMigrator(store.DataSource, store.Options).GetStatusAsync();

        report.Applied.ShouldBeEmpty();
        status.IsUpToDate.ShouldBeTrue();
        status.MartenTables!.Missing.ShouldBe(["mt_streams.compacted_version", "mt_event_projection_floors"]);
        status.MartenTables.ToString().ShouldBe(
            "older than Marten 9.59: without mt_streams.compacted_version, mt_event_projection_floors");
    }

    [Fact]
    public async Task a_changed_function_is_applied_again()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync("UPDATE mt_migrations SET checksum = 'other' WHERE name LIKE '%/mt_period_add.sql'");
        await store.ExecuteAsync("DROP FUNCTION mt_period_add");

        var report = await new SchemaMigrator(store.DataSource, store.Options).ApplyAsync();

        report.Applied.ShouldBe(["functions/catalog/mt_period_add.sql"]);
        (await store.ScalarAsync<long>("SELECT count(*) FROM pg_proc WHERE proname = 'mt_period_add'")).ShouldBe(1);
    }

    [Fact]
    public async Task a_database_of_a_newer_version_is_left_as_it_is()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync(
            """
            INSERT INTO mt_migrations (name, kind, checksum) VALUES ('V900__from_the_future.sql', 'versioned', '');
            UPDATE mt_migrations SET checksum = 'newer' WHERE name LIKE '%mt_claim_of.sql';
            """);

        var report = await new SchemaMigrator(store.DataSource, store.Options).ApplyAsync();

        report.Applied.ShouldBeEmpty();
        report.UnknownMigrations.ShouldBe(["V900__from_the_future.sql"]);
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_migrations WHERE checksum = 'newer'")).ShouldBe(1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task instances_that_start_at_once_apply_each_file_once(int instances)
    {
        await using var database = await TestDatabase.CreateAsync();
        var options = new SchemaOptions { SchemaName = "store" };
        await using var gate = await database.DataSource.OpenConnectionAsync();
        await using var held = await new MigrationHistory(gate, options).BeginAsync(CancellationToken.None);

        var sources = Enumerable.Range(0, instances)
            .Select(_ => Npgsql.NpgsqlDataSource.Create(database.ConnectionString + ";Application Name=migrator"))
            .ToList();
        var all = Task.WhenAll(
            sources.Select(source => Task.Run(() => new SchemaMigrator(source, options).ApplyAsync())));
        await Until.TrueAsync(async () => instances == await database.DataSource.ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'migrator' AND wait_event = 'advisory'"));
        await held.CommitAsync();
        var reports = await all;

        var expected = Migration.StepsOf(options).SelectMany(step => step).Select(file => file.Name);
        reports.SelectMany(report => report.Applied).ShouldBe(expected, ignoreOrder: true);
        foreach (var source in sources)
            await source.DisposeAsync();
    }

    [Fact]
    public async Task a_failing_file_leaves_nothing_of_its_step_and_the_next_apply_goes_on()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.DataSource.ExecuteAsync("CREATE TABLE mt_events_plain ()");
        var migrator = new SchemaMigrator(database.DataSource, new SchemaOptions());

        var error = await Should.ThrowAsync<Npgsql.PostgresException>(() => migrator.ApplyAsync());
        error.SqlState.ShouldBe(Npgsql.PostgresErrorCodes.DuplicateTable);
        (await StoreShape.ReadAsync(database.DataSource, "public")).Layout.ShouldBe(StoreLayout.Plain);

        await database.DataSource.ExecuteAsync("DROP TABLE mt_events_plain");
        (await migrator.ApplyAsync()).Applied[0].ShouldBe("V002__partitioning_setup.sql");
    }
}
