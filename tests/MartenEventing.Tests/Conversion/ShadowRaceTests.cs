using MartenEventing.Conversion;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Tests.Events;
using MartenEventing.Tests.Guard;
using Npgsql;

namespace MartenEventing.Tests.Conversion;

/// <summary>
/// The backfill meets those who change the very events it copies. The start itself compares the copies.
/// </summary>
public sealed class ShadowRaceTests
{
    private const string Changes =
        """
        UPDATE mt_events SET is_archived = true WHERE seq_id = 5;
        DELETE FROM mt_events WHERE seq_id = 16;
        UPDATE mt_events SET timestamp = now() WHERE seq_id = 27;
        UPDATE mt_events SET seq_id = nextval('mt_events_sequence') WHERE seq_id = 38;
        DELETE FROM mt_streams WHERE id = (SELECT stream_id FROM mt_events WHERE seq_id = 49);
        """;

    [Fact]
    public async Task who_changes_events_of_a_batch_waits_for_it_and_finds_their_copies()
    {
        await using var store = await PlainStore.CreateAsync(200);
        Task? changing = null;
        var conversion = store.Conversion(PlainStore.Shadow, async (step, moment) =>
        {
            if ((step, moment) != ("backfill", StepMoment.Uncommitted) || changing is not null)
                return;
            changing = store.Database.ExecuteAsync(Changes);
            await WaitUntilOneIsBlockedAsync(store);
        });

        (await conversion.StartAsync()).State.ShouldBe(ConversionState.Switched);

        await changing!;
        await ShouldBeChangedAsync(store);
    }

    [Fact]
    public async Task a_batch_that_meets_changed_events_gives_way_until_they_are_settled()
    {
        await using var store = await PlainStore.CreateAsync(200);
        await using var writer = await store.Database.DataSource.OpenConnectionAsync();
        var attempts = 0;
        var conversion = store.Conversion(PlainStore.Shadow, async (step, moment) =>
        {
            if ((step, moment) != ("backfill", StepMoment.Before))
                return;
            attempts++;
            if (attempts == 1)
                await writer.RunAsync("BEGIN;" + Changes);
            else if (attempts == 3)
                await writer.RunAsync("COMMIT");
        });

        (await conversion.StartAsync()).State.ShouldBe(ConversionState.Switched);

        attempts.ShouldBeGreaterThan(3);
        await ShouldBeChangedAsync(store);
    }

    [Theory]
    [InlineData("DELETE FROM mt_events WHERE seq_id = 5")]
    [InlineData("UPDATE mt_events SET timestamp = now() WHERE seq_id = 5")]
    [InlineData("UPDATE mt_events SET is_archived = true WHERE seq_id = 5")]
    public async Task a_snapshot_from_before_the_copy_cannot_overlook_it(string change)
    {
        await using var store = await PlainStore.CreateAsync(100);
        await using var writer = await store.Database.DataSource.OpenConnectionAsync();
        PostgresException? failure = null;
        var conversion = store.Conversion(PlainStore.Shadow, async (step, moment) =>
        {
            if ((step, moment) == ("streams", StepMoment.Committed))
                await writer.RunAsync(
                    "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM mt_event_progression");
            if ((step, moment) == ("statistics", StepMoment.Before))
            {
                failure = await writer.RunAsync(change).FailureAsync();
                await writer.RunAsync("ROLLBACK");
            }
        });

        (await conversion.StartAsync()).State.ShouldBe(ConversionState.Switched);

        failure!.SqlState.ShouldBe(PostgresErrorCodes.SerializationFailure);
    }

    [Fact]
    public async Task by_a_snapshot_events_are_changed_that_are_not_copied_yet()
    {
        await using var store = await PlainStore.CreateAsync(200);
        var changed = false;
        var conversion = store.Conversion(PlainStore.Shadow, async (step, moment) =>
        {
            if ((step, moment) != ("backfill", StepMoment.Before) || changed)
                return;
            changed = true;
            await store.Database.ExecuteAsync("BEGIN ISOLATION LEVEL REPEATABLE READ;" + Changes + "COMMIT");
        });

        (await conversion.StartAsync()).State.ShouldBe(ConversionState.Switched);

        await ShouldBeChangedAsync(store);
    }

    /// <summary>The server hides most of other roles' sessions from an owner that is no superuser.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task the_switch_waits_for_snapshots_that_would_miss_copied_events(bool ofAnotherRole)
    {
        await using var store = await PlainStore.CreateAsync(100);
        await using var role = await LimitedRole.CreateAsync(store.Database, "SELECT ON mt_events");
        await using var reader = await (ofAnotherRole ? role.DataSource : store.Database.DataSource)
            .OpenConnectionAsync();
        var conversion = store.Conversion(
            PlainStore.Shadow with { GiveUpAfter = TimeSpan.FromSeconds(1) },
            (step, moment) => (step, moment) == ("streams", StepMoment.Committed)
                ? reader.RunAsync("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
                : Task.CompletedTask);

        var error = await Should.ThrowAsync<GaveUpWaitingException>(conversion.StartAsync());

        (error.Step, error.HeldBy!).ShouldSatisfyAllConditions(
            e => e.Step.ShouldBe("snapshots"), e => e.Item2.ShouldContain($"session {reader.ProcessID} "));
        (await store.Conversion().GetStatusAsync()).State.ShouldBe(ConversionState.Verified);
        await reader.RunAsync("COMMIT");
        (await store.Conversion().StartAsync()).State.ShouldBe(ConversionState.Switched);
    }

    private static async Task ShouldBeChangedAsync(PlainStore store)
    {
        (await store.Database.ScalarAsync<bool>("SELECT is_archived FROM mt_events WHERE seq_id = 5")).ShouldBeTrue();
        (await store.CountAsync()).ShouldBe(200 - 11);
        (await store.Database.ScalarAsync<long>(
            "SELECT count(*) FROM mt_events_plain p FULL JOIN mt_events e USING (seq_id) WHERE e::text IS DISTINCT " +
            "FROM p::text"))
            .ShouldBe(0);
    }

    private static async Task WaitUntilOneIsBlockedAsync(PlainStore store)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await store.Database.ScalarAsync<bool>(
            """
            SELECT EXISTS (SELECT FROM pg_stat_activity
                            WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0)
            """))
            limit.Token.ThrowIfCancellationRequested();
    }
}
