using JasperFx.Events.Projections;
using Marten;
using MartenEventing.Marten.Health;
using MartenEventing.Marten.Rebuilding;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace MartenEventing.Tests.Health;

public sealed class DaemonProgressTests
{
    [Fact]
    public async Task a_projection_that_never_ran_holds_up_the_oldest_month()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = database.Partitioned(AsyncSnapshots);
        await History.AppendAsync(database, store);

        var progress = (await Progress(store, months: 3)).ShouldHaveSingleItem();

        progress.Partition.ShouldBe($"mt_events_m{DateTimeOffset.UtcNow.AddMonths(-5):yyyyMM}");
        progress.Lagging.ShouldBe([new ShardLag("Parcel:All", 0, progress.LastSequence, IsRegistered: true)]);
    }

    [Fact]
    public async Task once_it_has_caught_up_nothing_is_held_up()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = database.Partitioned(AsyncSnapshots);
        await History.AppendAsync(database, store);
        using (var daemon = await store.BuildProjectionDaemonAsync())
        {
            await daemon.StartAllAsync();
            await daemon.WaitForNonStaleData(TimeSpan.FromSeconds(60));
        }

        (await Progress(store, months: 3)).ShouldHaveSingleItem().IsPassed.ShouldBeTrue();
        (await CheckAsync(database, keepMonths: 3)).Status.ShouldBe(HealthStatus.Healthy);
        (await History.DropAsync(database, months: 3)).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(3, HealthStatus.Unhealthy)]
    [InlineData(5, HealthStatus.Degraded)]
    [InlineData(8, HealthStatus.Healthy)]
    public async Task it_is_unhealthy_when_a_month_should_have_gone_and_degraded_when_one_is_to_go_soon(
        int keepMonths, HealthStatus expected)
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        await History.AppendAsync(database, database.Partitioned(AsyncSnapshots));

        var result = await CheckAsync(database, keepMonths);

        result.Status.ShouldBe(expected);
        if (expected != HealthStatus.Healthy)
            result.Description!.ShouldContain("waits for Parcel:All (8 sequences behind)");
    }

    [Fact]
    public async Task a_projection_that_is_not_registered_any_more_is_told_apart()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        await History.AppendAsync(database, database.Partitioned());
        await database.DataSource.ExecuteAsync(
            "INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('Old:All', 1)");

        var result = await CheckAsync(database, keepMonths: 3, History.WithSnapshots);

        result.Description!.ShouldContain(
            "Old:All (7 sequences behind; not registered any more: delete its row in mt_event_progression)");
    }

    [Fact]
    public async Task what_the_daemon_notes_about_the_sequence_holds_up_nothing()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = database.Partitioned(History.WithSnapshots);
        await new ProjectionRebuild(store).RunAsync();
        await History.AppendAsync(database, store);
        await database.DataSource.ExecuteAsync(
            "INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('HighWaterStuckGap', 1)");

        (await database.DataSource.ColumnAsync<string>("SELECT name FROM mt_event_progression"))
            .ShouldContain("HighWaterAllocationFence");
        (await Progress(store, months: 3)).ShouldHaveSingleItem().IsPassed.ShouldBeTrue();
        (await History.DropAsync(database, months: 3)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task members_of_a_composite_projection_are_known()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = database.Partitioned(options =>
            options.Projections.CompositeProjectionFor("Depots", depots => depots.Snapshot<Parcel>()));
        await History.AppendAsync(database, store);
        await database.DataSource.ExecuteAsync(
            "INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('Depots:All', 1), ('Parcel:All', 1)");

        (await Progress(store, months: 3)).ShouldHaveSingleItem().Lagging
            .Select(shard => (shard.Shard, shard.IsRegistered)).ShouldBe([("Depots:All", true), ("Parcel:All", true)]);
    }

    [Fact]
    public async Task a_role_without_rights_on_partitions_is_told_the_same()
    {
        await using var database = await MartenDatabase.CreatePartitionedAsync();
        var store = database.Partitioned(AsyncSnapshots);
        await History.AppendAsync(database, store);
        var role = "r_" + Guid.NewGuid().ToString("N");
        await database.Superuser.ExecuteAsync(
            $"""
             CREATE ROLE {role} LOGIN PASSWORD 'secret';
             GRANT SELECT ON mt_events, mt_streams, mt_event_progression TO {role};
             DO $$ BEGIN
                 IF to_regclass('mt_event_projection_floors') IS NOT NULL THEN  -- since Marten 9.59
                     GRANT SELECT ON mt_event_projection_floors TO {role};
                 END IF;
             END $$;
             SELECT mt_settle_rights()
             """);
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString)
            {
                Username = role, Password = "secret", Pooling = false,
            };
            var limited = database.Partitioned(options =>
            {
                options.Connection(connection.ConnectionString);
                AsyncSnapshots(options);
            });

            var seen = (await Progress(limited, months: 3)).ShouldHaveSingleItem();

            var known = (await Progress(store, months: 3)).ShouldHaveSingleItem();
            (seen.Partition, seen.LastSequence).ShouldBe((known.Partition, known.LastSequence));
            seen.Lagging.ShouldBe(known.Lagging);
        }
        finally
        {
            await database.Superuser.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    private static void AsyncSnapshots(StoreOptions options) =>
        options.Projections.Snapshot<Parcel>(SnapshotLifecycle.Async);

    private static Task<IReadOnlyList<PartitionProgress>> Progress(IDocumentStore store, int months) =>
        new DaemonProgress(store).ReadAsync(DateTimeOffset.UtcNow.AddMonths(-months));

    private static async Task<HealthReportEntry> CheckAsync(
        MartenDatabase database, int keepMonths, Action<StoreOptions>? configure = null)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<IDocumentStore>(database.Partitioned(configure ?? AsyncSnapshots));
        services.AddHealthChecks().AddDaemonProgress(options =>
        {
            options.KeepFor = DateTimeOffset.UtcNow - DateTimeOffset.UtcNow.AddMonths(-keepMonths);
            options.Warning = TimeSpan.FromDays(45);
        });
        await using var provider = services.BuildServiceProvider();
        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        return report.Entries["marten-eventing-daemon"];
    }
}
