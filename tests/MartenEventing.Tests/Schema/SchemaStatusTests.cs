using MartenEventing.Schema;

namespace MartenEventing.Tests.Schema;

public sealed class SchemaStatusTests
{
    [Fact]
    public async Task an_empty_database_has_everything_pending()
    {
        await using var database = await TestDatabase.CreateAsync();

        var status = await new SchemaMigrator(database.DataSource, new SchemaOptions()).GetStatusAsync();

        status.Shape.ShouldBeNull();
        status.IsUpToDate.ShouldBeFalse();
        status.Migrations.ShouldAllBe(
            migration => migration.State == MigrationState.Pending && migration.AppliedAt == null);
    }

    [Fact]
    public async Task a_fresh_store_is_up_to_date()
    {
        await using var store = await StoreDatabase.CreateAsync(StreamIdentity.String);

        var status = await new SchemaMigrator(store.DataSource, store.Options).GetStatusAsync();

        status.IsUpToDate.ShouldBeTrue();
        status.PartitionCount.ShouldBe(6);
        status.Shape!.StreamIdentity.ShouldBe(StreamIdentity.String);
        status.Migrations.ShouldAllBe(migration => migration.AppliedAt > DateTimeOffset.UtcNow.AddHours(-1));
    }

    [Fact]
    public async Task a_plain_store_is_up_to_date_without_a_guard()
    {
        await using var store = await StoreDatabase.CreateAsync(layout: StoreLayout.Plain);

        var status = await new SchemaMigrator(store.DataSource, store.Options).GetStatusAsync();

        status.IsUpToDate.ShouldBeTrue();
        status.PartitionCount.ShouldBe(0);
    }

    [Fact]
    public async Task guard_triggers_that_are_gone_or_disabled_are_named()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync(
            """
            DROP TRIGGER mt_guard_event ON mt_events;
            ALTER TABLE mt_streams DISABLE TRIGGER mt_guard_commit;
            """);

        var status = await new SchemaMigrator(store.DataSource, store.Options).GetStatusAsync();

        status.IsUpToDate.ShouldBeFalse();
        status.MissingGuardTriggers.ShouldBe(["mt_guard_event", "mt_guard_commit"]);
    }

    [Fact]
    public async Task changed_and_unknown_files_are_told_apart()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync(
            """
            INSERT INTO mt_migrations (name, kind, checksum) VALUES ('V900__from_the_future.sql', 'versioned', '');
            UPDATE mt_migrations SET checksum = '' WHERE name LIKE 'V003%';
            """);

        var status = await new SchemaMigrator(store.DataSource, store.Options).GetStatusAsync();

        status.Migrations.Where(migration => migration.State != MigrationState.Applied)
            .Select(migration => (migration.Name, migration.State)).ShouldBe(
            [
                ("V003__brin_indexes.sql", MigrationState.Changed),
                ("V900__from_the_future.sql", MigrationState.Unknown),
            ]);
    }
}
