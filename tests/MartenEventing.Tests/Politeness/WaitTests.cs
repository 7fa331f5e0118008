using MartenEventing.Maintenance;
using MartenEventing.Partitioning;
using MartenEventing.Retention;
using MartenEventing.Schema;
using MartenEventing.Security;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.Politeness;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Politeness;

public sealed class WaitTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task a_hold_beside_a_transaction_that_has_changed_an_event_names_it_and_is_not_placed()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.AppendAsync(Month(0));
        await using var writer = await OpenTransaction.BeginAsync(
            store.DataSource, "UPDATE mt_events SET type = 'other'");
        var told = new Told<string>();
        var holds = new LegalHolds(store.DataSource) { GiveUpAfter = Short, Waiting = told };

        var error = await Should.ThrowAsync<GaveUpWaitingException>(holds.HoldTenantAsync("*DEFAULT*", "a claim"));

        error.HeldBy.ShouldNotBeNull().ShouldContain($"SELECT pg_terminate_backend({writer.Pid})");
        told.Reports.ShouldContain(text => text.Contains($"waits for session {writer.Pid} "));
        (await holds.ListAsync()).ShouldBeEmpty();
        await writer.CommitAsync();
        (await holds.HoldTenantAsync("*DEFAULT*", "a claim")).Reason.ShouldBe("a claim");
    }

    [Fact]
    public async Task a_migration_waits_for_another_no_longer_than_it_may_and_names_it()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var other = await OpenTransaction.BeginAsync(
            store.DataSource, "SELECT pg_advisory_xact_lock(hashtextextended('marten-eventing schema public', 0))");
        var migrator = new SchemaMigrator(store.DataSource, store.Options) { Patience = Short };

        var error = await Should.ThrowAsync<GaveUpWaitingException>(() => migrator.ApplyAsync());

        error.HeldBy.ShouldNotBeNull().ShouldContain($"session {other.Pid} ");
        await other.CommitAsync();
        (await migrator.ApplyAsync()).Applied.ShouldBeEmpty();
    }

    [Fact]
    public async Task rights_beside_an_open_grant_are_not_given_and_the_session_is_named()
    {
        await using var store = await RoledStore.CreateAsync();
        var role = await store.RoleAsync();
        await using var other = await OpenTransaction.BeginAsync(
            store.Superuser, $"GRANT SELECT ON mt_streams TO {role}");
        var roles = new StoreRoles(store.Superuser) { Patience = Short };
        var plan = await roles.PlanAsync([new StoreRole(RoleKind.Reader, role)]);

        var error = await Should.ThrowAsync<GaveUpWaitingException>(roles.ApplyAsync(plan));

        error.HeldBy.ShouldNotBeNull().ShouldContain($"session {other.Pid} ");
    }

    [Fact]
    public async Task a_step_of_maintenance_that_gives_way_says_to_whom()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var reader = await OpenTransaction.BeginAsync(store.DataSource, "SELECT FROM mt_events");

        var report = await new MaintenancePass(
            store.DataSource, "public",
            new PartitionOptions { LockTimeout = TimeSpan.FromSeconds(1), LockAttempts = 1 },
            new TestClock(Month(1))).EnsureAsync();

        report.Steps[0].ShouldSatisfyAllConditions(
            step => step.Outcome.ShouldBe(StepOutcome.GaveWay),
            step => step.HeldBy.ShouldNotBeNull().ShouldContain($"session {reader.Pid} "));
    }

    [Fact]
    public async Task a_reindex_that_is_given_up_names_the_reader_and_leaves_no_index_that_it_does_not_name()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var reader = await OpenTransaction.WithSnapshotAsync(store.DataSource);
        var upkeep = new StoreUpkeep(store.DataSource, "public") { GiveUpAfter = Short };
        var statement = (await upkeep.PlanReindexAsync("mt_events_head"))[0];

        var error = await Should.ThrowAsync<GaveUpWaitingException>(upkeep.ExecuteAsync(statement));

        error.HeldBy.ShouldNotBeNull().ShouldContain($"session {reader.Pid} ");
        var left = await store.ColumnAsync<string>(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid");
        left.ShouldAllBe(
            index => error.Message.Contains($"superuser to drop: DROP INDEX {index}", StringComparison.Ordinal));
        left.ShouldAllBe(index => index.StartsWith("pg_toast.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task a_vacuum_tells_for_whom_dead_rows_stay()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.AppendAsync(Month(0), 7);
        await using var reader = await OpenTransaction.WithSnapshotAsync(store.DataSource);
        await store.ExecuteAsync("UPDATE mt_events SET type = 'other'; SELECT pg_stat_force_next_flush()");
        var told = new Told<string>();
        var upkeep = new StoreUpkeep(store.DataSource, "public") { Waiting = told };

        await upkeep.ExecuteAsync((await upkeep.PlanVacuumAsync(await store.PartitionOfAsync(1)))[0]);

        told.Reports.Single().ShouldContain($"keeps 7 dead rows for session {reader.Pid} ");
    }

    [Fact]
    public async Task whatever_ran_in_a_session_its_settings_are_what_they_were()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(store.ConnectionString)
        {
            NoResetOnClose = true, ApplicationName = "one pool",
        });
        await new MaintenancePass(source, "public", null, new TestClock(Month(1))).RunAsync();
        await new StoreRetention(source, options: new RetentionOptions { KeepLast = 1 }, time: new TestClock(Month(3)))
            .ApplyAsync();
        var settings = new HashSet<string>();
        var open = new List<NpgsqlConnection>();
        for (var i = 0; i < 3; i++)
        {
            open.Add(await source.OpenConnectionAsync());
            await using var command = new NpgsqlCommand(
                """
                SELECT concat_ws('|', current_setting('search_path'), current_setting('lock_timeout'),
                                 current_setting('statement_timeout'),
                                     nullif(current_setting('mt_events.tenant', true), ''))
                """, open[^1]);
            settings.Add((string)(await command.ExecuteScalarAsync())!);
        }

        settings.ShouldHaveSingleItem().ShouldBe("\"$user\", public|0|0");
        foreach (var connection in open)
            await connection.DisposeAsync();
    }

    [Theory]
    [InlineData("slot", 0, "backup", "its xmin 7 transactions old",
        "replication slot \"backup\" (its xmin 7 transactions old, inactive); when it is not needed: SELECT " +
        "pg_drop_replication_slot('backup')")]
    [InlineData("slot", 12, "backup", "its xmin 7 transactions old",
        "replication slot \"backup\" (its xmin 7 transactions old, used by session 12); when it is not needed: " +
        "SELECT pg_drop_replication_slot('backup')")]
    [InlineData("standby", 12, null, "its xmin 7 transactions old",
        "a standby or other receiver, session 12 (walreceiver, its xmin 7 transactions old); end the long query " +
        "there, or set hot_standby_feedback = off")]
    public void slots_and_standbys_are_told_of(string kind, int pid, string? name, string detail, string text) =>
        new Holder(kind, pid, name, null, "walreceiver", null, null, detail, false).Describe().ShouldBe(text);
}
