using System.Text.Json;
using MartenEventing.Schema;

namespace MartenEventing.Cli.Tests.Db;

public sealed class StatusCommandTests
{
    [Fact]
    public async Task a_store_in_order_is_shown_with_the_warning_about_marten()
    {
        await using var store = await StoreDatabase.CreateAsync();

        var run = await CommandRun.OnAsync(store, "db", "status");

        run.ExitCode.ShouldBe(ExitCode.Done);
        Facts(run).ShouldContainKeyAndValue("Layout", "partitioned");
        Facts(run).ShouldContainKeyAndValue("Stream identity", "guid");
        Facts(run).ShouldContainKeyAndValue("Partitions", "6");
        Facts(run).ShouldContainKeyAndValue("Guard", "complete");
        run.Error.ShouldStartWith(
            "warning: A Marten application that starts on this schema WITHOUT the MartenEventing extension");
    }

    [Fact]
    public async Task a_plain_store_needs_no_warning()
    {
        await using var store = await StoreDatabase.CreateAsync(layout: StoreLayout.Plain);

        var run = await CommandRun.OnAsync(store, "db", "status");

        (run.ExitCode, run.Error).ShouldBe((ExitCode.Done, ""));
    }

    [Fact]
    public async Task an_empty_database_is_not_in_order()
    {
        await using var database = await TestDatabase.CreateAsync();

        var run = await CommandRun.OnAsync(database, "db", "status");

        run.ExitCode.ShouldBe(ExitCode.FoundWrong);
        Facts(run).ShouldContainKeyAndValue("Layout", "no event store");
        run.Error.ShouldBe("Bring it up to date: marten-eventing db apply.\n");
    }

    [Fact]
    public async Task a_changed_function_is_named_with_what_to_do()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync("UPDATE mt_migrations SET checksum = '' WHERE name LIKE '%mt_period_add.sql'");

        var run = await CommandRun.OnAsync(store, "db", "status");

        run.ExitCode.ShouldBe(ExitCode.FoundWrong);
        run.Out.ShouldEndWith("changed functions/catalog/mt_period_add.sql\n");
        run.Error.ShouldEndWith("Bring it up to date: marten-eventing db apply.\n");
    }

    [Fact]
    public async Task a_missing_guard_trigger_is_an_error()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync("DROP TRIGGER mt_guard_event ON mt_events");

        var run = await CommandRun.OnAsync(store, "db", "status");

        run.ExitCode.ShouldBe(ExitCode.FoundWrong);
        Facts(run).ShouldContainKeyAndValue("Guard", "missing mt_guard_event");
        run.Error.ShouldContain("error: Without these triggers two writers can store one version of a stream twice.");
    }

    [Fact]
    public async Task json_carries_every_file_with_its_state()
    {
        await using var store = await StoreDatabase.CreateAsync(StreamIdentity.String, schema: "shop");

        var status = JsonDocument.Parse((await CommandRun.OnAsync(store, "db", "status", "--json")).Out).RootElement;

        status.GetProperty("schemaName").GetString().ShouldBe("shop");
        status.GetProperty("streamIdentity").GetString().ShouldBe("string");
        status.GetProperty("isUpToDate").GetBoolean().ShouldBeTrue();
        status.GetProperty("migrations").EnumerateArray()
            .ShouldAllBe(file => file.GetProperty("state").GetString() == "applied");
    }

    private static Dictionary<string, string> Facts(CommandRun run) => run.Out.Split('\n')
        .Select(line => line.Split("  ", 2, StringSplitOptions.TrimEntries)).Where(parts => parts.Length == 2)
        .ToDictionary(parts => parts[0], parts => parts[1]);
}
