using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Cli.Tests.Db;

public sealed class AppendOnlyCommandTests
{
    private static readonly string[] Changes =
    [
        "UPDATE mt_events SET data = '{}'", "UPDATE mt_events SET timestamp = timestamp - interval '1 year'",
        "DELETE FROM mt_events", "DELETE FROM mt_streams", "TRUNCATE mt_events, mt_streams",
    ];

    [Theory]
    [InlineData(StoreLayout.Partitioned)]
    [InlineData(StoreLayout.Plain)]
    public async Task events_of_an_append_only_store_stay_as_they_are_until_it_is_lifted(StoreLayout layout)
    {
        await using var store = await StoreDatabase.CreateAsync(layout: layout);
        await AppendAsync(store);

        (await CommandRun.OnAsync(store, "db", "append-only")).ExitCode.ShouldBe(ExitCode.Done);

        foreach (var change in Changes)
            (await Should.ThrowAsync<PostgresException>(() => store.ExecuteAsync(change), change))
                .SqlState.ShouldBe("23001", change);
        await AppendAsync(store);
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(2);

        (await CommandRun.OnAsync(store, "db", "append-only", "--lift")).ExitCode.ShouldBe(ExitCode.Done);
        foreach (var change in Changes)
            await store.ExecuteAsync(change);
    }

    [Fact]
    public async Task what_expires_leaves_an_append_only_store_all_the_same()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync("SELECT mt_provision_history('month', now() - interval '5 months')");
        await AppendAsync(store, "now() - interval '4 months'");
        await store.ExecuteAsync("SELECT mt_enforce_append_only()");

        await store.ExecuteAsync("SELECT drop_old_partitions(2)");

        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(0);
        await AppendAsync(store);
        await Should.ThrowAsync<PostgresException>(() => store.ExecuteAsync("DELETE FROM mt_events"));
    }

    [Fact]
    public async Task a_dry_run_tells_the_statement_and_changes_nothing()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await AppendAsync(store);

        (await CommandRun.OnAsync(store, "db", "append-only", "--dry-run"))
            .Out.ShouldBe("SELECT \"public\".mt_enforce_append_only(true)\n");

        await store.ExecuteAsync("DELETE FROM mt_events");
    }

    private static Task<int> AppendAsync(StoreDatabase store, string time = "now()") => store.ExecuteAsync(
        $"""
         SELECT mt_append_to_stream(gen_random_uuid(), NULL, 0, ARRAY[gen_random_uuid()], ARRAY['parcel_scanned'], NULL,
             ARRAY['{"{}"}'::jsonb], ARRAY[{time}], NULL, NULL, NULL, NULL, '*DEFAULT*')
         """);
}
