using MartenEventing.TestSupport.House;
using MartenEventing.TestSupport.Partitioning;
using Npgsql;

namespace MartenEventing.Cli.Tests.Db;

/// <summary>What takes more than ownership says so, in the words of docs/security.md.</summary>
public sealed class BeyondOwnershipTests
{
    private static readonly string[] Rows =
    [
        .. File.ReadAllLines(Repository.Below("docs", "security.md"))
            .SkipWhile(line => line != "### What takes more than ownership").TakeWhile(
                line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2),
    ];

    [Fact]
    public async Task a_schema_that_the_role_may_not_make_is_named_with_the_statement_that_makes_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.Superuser.ExecuteAsync($"ALTER DATABASE {database.Name} OWNER TO CURRENT_USER");

        var run = await CommandRun.OnAsync(database, "db", "apply", "--schema", "Not There");

        run.ExitCode.ShouldBe(ExitCode.Failed);
        run.Error.ShouldContain(
            $"error: There is no schema \"Not There\" in database \"{database.Name}\", {Said("db apply")}"
            .Replace("\"...\"", $"\"{StoreOwner.Name}\"", StringComparison.Ordinal)
            + $" \"Not There\" AUTHORIZATION \"{StoreOwner.Name}\".");
    }

    [Fact]
    public async Task membership_in_the_owner()
    {
        await using var store = await RoledStore.CreateAsync();
        var role = await store.RoleAsync();

        var run = await CommandRun.OfAsync(
            "db", "roles", "--maintainer", role, "--yes", "--connection", store.ConnectionString);

        run.ExitCode.ShouldBe(ExitCode.Failed);
        run.Error.ShouldContain(Said("db roles"));
    }

    [Fact]
    public async Task a_member_of_the_owner_that_does_not_inherit_is_told_how_it_takes_on_the_role()
    {
        await using var store = await RoledStore.CreateAsync();
        var member = await store.RoleAsync();
        await store.Superuser.ExecuteAsync($"ALTER ROLE {member} NOINHERIT; GRANT {StoreOwner.Name} TO {member}");
        string[] command = ["partitions", "ensure", "--connection", store.As(member)];

        var refused = await CommandRun.OfAsync(command);
        command[^1] += $";Options=-c role={StoreOwner.Name}";
        var done = await CommandRun.OfAsync(command);

        (refused.ExitCode, done.ExitCode).ShouldBe((ExitCode.Failed, ExitCode.Done));
        refused.Error.ShouldContain("takes on its role in --connection: Options=-c role=OWNER.");
    }

    [Fact]
    public async Task a_database_for_the_demo()
    {
        await using var database = await TestDatabase.CreateAsync();

        var run = await CommandRun.OnAsync(database, "demo");

        run.ExitCode.ShouldBe(ExitCode.WrongUsage);
        run.Error.ShouldContain(Said("demo"));
    }

    [Fact]
    public async Task a_strangers_session()
    {
        await using var store = await RoledStore.CreateAsync();
        await using var stranger = NpgsqlDataSource.Create(store.As(await store.RoleAsync()));
        await using var connection = await stranger.OpenConnectionAsync();
        var key = await store.Owner.ScalarAsync<long>("SELECT mt_maintenance_lock()");
        await using var taken = new NpgsqlCommand($"SELECT pg_advisory_lock({key})", connection);
        await taken.ExecuteNonQueryAsync();

        var run = await CommandRun.OfAsync("partitions", "maintain", "--connection", store.ConnectionString);

        run.ExitCode.ShouldBe(ExitCode.Failed);
        run.Error.ShouldContain(Said("ending a stranger's session"));
        await ShouldBeRefusedAsync(store.Owner, $"SELECT pg_terminate_backend({connection.ProcessID})");
    }

    [Fact]
    public async Task policies_that_are_forced_on_the_owner()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync("SELECT mt_provision_history('month', $1)", SampleEvents.Month(-6));
        await store.AppendAsync(SampleEvents.Month(-5));
        await store.ExecuteAsync(
            """
            ALTER TABLE mt_events ENABLE ROW LEVEL SECURITY; ALTER TABLE mt_events FORCE ROW LEVEL SECURITY;
            CREATE POLICY part ON mt_events USING (version > 1)
            """);

        var run = await CommandRun.OnAsync(store, "retention", "apply", "--older-than", "3mo", "--yes");

        run.ExitCode.ShouldBe(ExitCode.Failed);
        run.Error.ShouldContain(Said("maintenance of a store whose policies"));
    }

    [Theory]
    [InlineData("logical replication", "SELECT pg_create_logical_replication_slot('s', 'pgoutput')")]
    [InlineData("`CREATE PUBLICATION ... FOR ALL TABLES`", "CREATE PUBLICATION p FOR ALL TABLES")]
    [InlineData("writing past the guard", "SET session_replication_role = replica")]
    [InlineData("a tablespace", "CREATE TABLESPACE s LOCATION '/nowhere'")]
    [InlineData("an event trigger", "CREATE EVENT TRIGGER t ON sql_drop EXECUTE FUNCTION mt_shape()")]
    public async Task what_PostgreSQL_refuses_in_its_own_words(string what, string sql)
    {
        await using var store = await StoreDatabase.CreateAsync();

        Row(what).ShouldEndWith("| PostgreSQL's words |");
        await ShouldBeRefusedAsync(store.DataSource, sql);
    }

    [Fact]
    public async Task an_extension_that_is_not_trusted_as_pg_cron_is_not()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var names = await store.ColumnAsync<string>(
            "SELECT name::text FROM pg_available_extension_versions WHERE superuser AND NOT trusted AND requires IS " +
            "NULL ORDER BY 1");
        Assert.SkipWhen(names.Count == 0, "There is no such extension here.");

        Row("`CREATE EXTENSION pg_cron`").ShouldEndWith("| superuser | PostgreSQL's words |");
        await ShouldBeRefusedAsync(store.DataSource, $"CREATE EXTENSION \"{names[0]}\"");
    }

    [Fact]
    public void the_page_lists_no_more_than_is_tried_here() => Rows.Length.ShouldBe(12);

    private static async Task ShouldBeRefusedAsync(NpgsqlDataSource source, string sql) =>
        (await Should.ThrowAsync<PostgresException>(source.ExecuteAsync(sql))).SqlState
            .ShouldBe(PostgresErrorCodes.InsufficientPrivilege);

    private static string Row(string what) => Rows.Single(row => row.StartsWith($"| {what}", StringComparison.Ordinal)
        || row.StartsWith($"| `{what}", StringComparison.Ordinal));

    /// <summary>What the page has between quotation marks.</summary>
    private static string Said(string what)
    {
        var cell = Row(what).Split(" | ")[^1];
        return cell[(cell.IndexOf('"') + 1)..cell.LastIndexOf('"')];
    }
}
