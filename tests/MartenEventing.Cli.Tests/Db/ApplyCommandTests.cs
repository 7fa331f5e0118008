using System.Text.Json;
using MartenEventing.Schema;

namespace MartenEventing.Cli.Tests.Db;

public sealed class ApplyCommandTests
{
    [Fact]
    public async Task an_empty_database_becomes_a_partitioned_store()
    {
        await using var database = await TestDatabase.CreateAsync();

        var run = await CommandRun.OnAsync(database, "db", "apply");

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Out.ShouldContain("V001__event_store.sql\nV002__partitioning_setup.sql\nV003__brin_indexes.sql\n");
        run.Error.ShouldMatch("Applied [0-9]+ files to schema \"public\".\n");
        (await StoreShape.ReadAsync(database.DataSource, "public")).Layout.ShouldBe(StoreLayout.Partitioned);
    }

    [Fact]
    public async Task layout_identity_tenancy_period_and_schema_are_chosen_by_options()
    {
        await using var database = await TestDatabase.CreateAsync();
        await CommandRun.OnAsync(
            database, "db", "apply", "--schema", "a b", "--layout", "plain", "--stream-identity", "string",
            "--tenancy", "conjoined");
        await CommandRun.OnAsync(database, "db", "apply", "--schema", "weekly", "--period", "WEEK");

        (await StoreShape.ReadAsync(database.DataSource, "a b")).ShouldBe(new StoreShape
        {
            SchemaName = "a b",
            StreamIdentity = StreamIdentity.String,
            Tenancy = EventTenancy.Conjoined,
            Layout = StoreLayout.Plain,
        });
        (await database.DataSource.ColumnAsync<string>("SELECT DISTINCT kind FROM weekly.mt_partitions()"))
            .ShouldContain("week");
    }

    [Fact]
    public async Task a_dry_run_lists_what_is_due_and_changes_nothing()
    {
        await using var database = await TestDatabase.CreateAsync();

        var run = await CommandRun.OnAsync(database, "db", "apply", "--dry-run");

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Out.ShouldContain("V001__event_store.sql\n");
        run.Error.ShouldMatch("[0-9]+ files would be applied.\n");
        (await database.DataSource.ColumnAsync<string>("SELECT relname::text FROM pg_class WHERE relname LIKE 'mt%'"))
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task a_dry_run_shows_the_sql_on_stdout()
    {
        await using var database = await TestDatabase.CreateAsync();

        var run = await CommandRun.OnAsync(database, "db", "apply", "--dry-run", "--show-sql", "--schema", "shop");

        run.Out.ShouldContain("CREATE TABLE IF NOT EXISTS \"shop\".mt_streams (");
    }

    [Fact]
    public async Task the_sql_that_is_run_is_shown_on_stderr()
    {
        await using var database = await TestDatabase.CreateAsync();

        var run = await CommandRun.OnAsync(database, "db", "apply", "--show-sql", "--json");

        run.Error.ShouldContain("CREATE TABLE IF NOT EXISTS \"public\".mt_streams (");
        JsonDocument.Parse(run.Out).RootElement.GetProperty("layout").GetString().ShouldBe("partitioned");
    }

    [Fact]
    public async Task the_identity_of_a_store_need_not_be_repeated()
    {
        await using var store = await StoreDatabase.CreateAsync(StreamIdentity.String);

        var run = await CommandRun.OnAsync(store, "db", "apply");

        (run.ExitCode, run.Out, run.Error).ShouldBe((ExitCode.Done, "", "Schema \"public\" is up to date.\n"));
    }

    [Fact]
    public async Task a_plain_store_with_events_is_told_to_be_converted()
    {
        await using var store = await StoreDatabase.CreateAsync(layout: StoreLayout.Plain);
        await store.ExecuteAsync(
            """
            INSERT INTO mt_events (seq_id, id, version, data, type, timestamp)
            VALUES (1, gen_random_uuid(), 1, '1', 'a', now())
            """);

        var run = await CommandRun.OnAsync(store, "db", "apply");

        run.ExitCode.ShouldBe(ExitCode.Failed);
        run.Error.ShouldBe("error: mt_events in schema \"public\" is plain and holds events, "
            + "which applying the schema never moves. Convert it: marten-eventing convert. "
            + "Or keep it plain: marten-eventing db apply --layout plain.\n");
    }

    [Fact]
    public async Task a_database_of_a_newer_version_is_left_alone()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync(
            "INSERT INTO mt_migrations (name, kind, checksum) VALUES ('V900__future.sql', 'versioned', '')");

        var run = await CommandRun.OnAsync(store, "db", "apply");

        run.ExitCode.ShouldBe(ExitCode.FoundWrong);
        run.Error.ShouldContain("V900__future.sql is unknown here");
    }
}
