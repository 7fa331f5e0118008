using System.Text.Json;
using MartenEventing.Schema;

namespace MartenEventing.Cli.Tests.Retention;

public sealed class RetentionCommandTests
{
    [Fact]
    public async Task old_streams_are_planned_held_and_removed()
    {
        await using var store = await StoreAsync();

        var held = await CommandRun.OnAsync(
            store, "retention", "hold", "add", "--stream", "00000000-0000-0000-0000-000000000001", "--reason",
            "a suit");
        held.Out.ShouldContain("stream 00000000-0000-0000-0000-000000000001");
        var plan = await CommandRun.OnAsync(store, "retention", "plan", "--older-than", "3mo", "--json");
        var partition = JsonDocument.Parse(plan.Out).RootElement.GetProperty("partitions")[0];
        (partition.GetProperty("events").GetInt64(), partition.GetProperty("removed").GetInt64(),
            partition.GetProperty("carried").GetInt64()).ShouldBe((2, 1, 1));

        (await CommandRun.OnAsync(store, "retention", "apply", "--older-than", "3mo")).ExitCode
            .ShouldBe(ExitCode.WrongUsage);
        (await CommandRun.OnAsync(store, "retention", "apply", "--older-than", "3mo", "--dry-run", "--show-sql")).Out
            .ShouldContain("mt_swap_retained()");
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_streams")).ShouldBe(2);
        var applied = await CommandRun.OnAsync(store, "retention", "apply", "--older-than", "3mo", "--yes");
        (applied.ExitCode, applied.Error).ShouldSatisfyAllConditions(
            run => run.ExitCode.ShouldBe(ExitCode.Done), run => run.Error.ShouldContain("partitions have gone"));
        (await store.ColumnAsync<Guid>("SELECT id FROM mt_streams")).ShouldBe(
            [new Guid(0, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1])]);
        (await CommandRun.OnAsync(store, "retention", "hold", "lift", "1")).ExitCode.ShouldBe(ExitCode.Done);
        (await CommandRun.OnAsync(store, "retention", "hold", "lift", "1")).Error.ShouldContain(
            "There is no hold 1 that stands.");
        (await CommandRun.OnAsync(store, "retention", "hold", "list")).Out.ShouldNotContain("a suit");
    }

    [Fact]
    public async Task what_a_projection_has_not_seen_is_kept_and_the_exit_code_says_so()
    {
        await using var store = await StoreAsync();
        await store.ExecuteAsync("INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('Parcels:All', 0)");

        var run = await CommandRun.OnAsync(store, "retention", "apply", "--older-than", "3mo", "--yes");

        run.ExitCode.ShouldBe(ExitCode.FoundWrong);
        run.Error.ShouldContain(
            "is kept, and all after it: Parcels:All has come to event 0, the partition holds event 2.");
    }

    [Fact]
    public async Task where_tenants_have_partitions_of_their_own_each_is_told_of()
    {
        await using var store = await StoreDatabase.CreateAsync(
            new SchemaOptions { Tenancy = EventTenancy.Conjoined, PartitionByTenant = true });
        await store.ExecuteAsync(
            """
            INSERT INTO mt_streams (tenant_id, id, version) VALUES ('north', gen_random_uuid(), 0),
                ('o''south', gen_random_uuid(), 0);
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            SELECT nextval('mt_events_sequence'), gen_random_uuid(), id, 1, '1', 'a', now() - interval '8 months',
                   tenant_id
              FROM mt_streams;
            SELECT mt_use_tenant(t), mt_provision_history('month', now() - interval '9 months')
              FROM unnest(ARRAY['north', 'o''south']) t
            """);

        var plan = await CommandRun.OnAsync(store, "retention", "plan", "--older-than", "3mo");
        plan.Out.Split('\n')[0].ShouldStartWith("Tenant ");
        plan.Error.ShouldContain(": 2 events removed, 0 carried, 2 streams ended.");
        (await CommandRun.OnAsync(store, "partitions", "plan", "--show-sql", "--periods-ahead", "5")).Out
            .ShouldContain("SELECT \"public\".mt_use_tenant(E'o''south');");
        var applied = await CommandRun.OnAsync(
            store, "retention", "apply", "--older-than", "3mo", "--tenant", "o'south", "--yes");

        applied.Out.ShouldContain("\no'south ");
        (await store.ColumnAsync<string>("SELECT tenant_id FROM mt_streams")).ShouldBe(["north"]);
    }

    [Fact]
    public async Task without_a_policy_nothing_is_removed()
    {
        var run = await CommandRun.OfAsync("retention", "apply", "--yes");

        run.ExitCode.ShouldBe(ExitCode.WrongUsage);
        run.Error.ShouldContain("No policy is given, so everything is kept for ever. One is: --older-than 24mo.");
    }

    [Fact]
    public async Task policies_are_read_from_a_file()
    {
        await using var store = await StoreAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{ "Retention": { "olderThan": "3mo", "keepLost": 3 } }""");

        (await CommandRun.OnAsync(store, "retention", "plan", "--config", file)).Error
            .ShouldContain("The configuration of retention: Retention.keepLost is not an option.");
        await File.WriteAllTextAsync(file, """{ "olderThan": "3mo" }""");
        (await CommandRun.OnAsync(store, "retention", "plan", "--config", file)).Error.ShouldContain(
            "older than 3mo: ");
        File.Delete(file);
    }

    private static async Task<StoreDatabase> StoreAsync()
    {
        var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync(
            """
            SELECT mt_provision_history('month', now() - interval '6 months');
            INSERT INTO mt_streams (id, version) SELECT ('00000000-0000-0000-0000-00000000000' || i)::uuid, 0
              FROM generate_series(1, 2) i;
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            SELECT nextval('mt_events_sequence'), gen_random_uuid(), id, 1, '1', 'a', now() - interval '6 months'
                   FROM mt_streams;
            """);
        return store;
    }
}
