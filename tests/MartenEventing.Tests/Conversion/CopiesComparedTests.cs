using MartenEventing.Conversion;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Tests.Conversion;

/// <summary>Somebody has changed one of the two copies alone; then one of them is to be dropped.</summary>
public sealed class CopiesComparedTests
{
    private const string Lost = "DELETE FROM <plain> WHERE seq_id BETWEEN 5 AND 7";
    private const string Changed = "UPDATE <plain> SET type = 'forged' WHERE seq_id = 5";
    private const string Extra =
        """
        INSERT INTO <plain> (seq_id, id, stream_id, version, data, type, timestamp)
        SELECT 1000, gen_random_uuid(), stream_id, 1000, '{}', 'forged', timestamp FROM <plain> WHERE seq_id = 5
        """;

    private sealed class BreakOff : Exception;

    [Theory]
    [InlineData("backfill", ConversionState.Backfilling, Lost, 3)]
    [InlineData("backfill", ConversionState.Backfilling, Changed, 0)]
    [InlineData("snapshots", ConversionState.Verified, Lost, 3)]
    [InlineData("snapshots", ConversionState.Verified, Changed, 0)]
    [InlineData(null, ConversionState.Switched, Lost, 3)]
    [InlineData(null, ConversionState.Switched, Changed, 0)]
    [InlineData(null, ConversionState.Switched, Extra, -1)]
    [InlineData(null, ConversionState.Switched, "TRUNCATE <plain>", 200)]
    public async Task a_rollback_keeps_both_copies_where_the_plain_one_is_not_what_it_should_be(
        string? until, ConversionState state, string damage, int missing)
    {
        await using var store = await StartAsync(until, state);
        await DamageAsync(store, state, damage);
        var hash = await store.HashOrNoneAsync();

        var error = await Should.ThrowAsync<ConversionDifferenceException>(() => store.Conversion().RollbackAsync());

        error.Differences.Sum(one => one.CopyCount - one.PlainCount).ShouldBe(missing);
        error.Differences.ShouldAllBe(one => error.Message.Contains(one.Partition) && one.CopyHash != one.PlainHash);
        error.Message.ShouldContain("FOR VALUES FROM");
        error.Message.ShouldContain("marten-eventing convert rollback --accept-differences");
        (await store.HashOrNoneAsync()).ShouldBe(hash);
        (await CountAsync(store, state, plain: false)).ShouldBe(200);
        (await store.Conversion().GetStatusAsync()).State.ShouldBe(state);
    }

    [Theory]
    [InlineData(Lost)]
    [InlineData(Changed)]
    [InlineData(Extra)]
    [InlineData("TRUNCATE <plain>")]
    public async Task a_completion_keeps_both_copies_where_they_differ(string damage)
    {
        await using var store = await StartAsync(null, ConversionState.Switched);
        await DamageAsync(store, ConversionState.Switched, damage);
        var left = await CountAsync(store, ConversionState.Switched, plain: true);

        var error = await Should.ThrowAsync<ConversionDifferenceException>(() => store.Conversion().CompleteAsync());

        error.Message.ShouldContain("marten-eventing convert complete --accept-differences");
        (await store.CountAsync()).ShouldBe(200);
        (await CountAsync(store, ConversionState.Switched, plain: true)).ShouldBe(left);
        (await store.Conversion().GetStatusAsync()).State.ShouldBe(ConversionState.Switched);
    }

    [Fact]
    public async Task events_that_only_the_plain_table_has_are_not_dropped_with_the_partitions()
    {
        await using var store = await StartAsync(null, ConversionState.Switched);
        await store.Database.ExecuteAsync(
            """
            ALTER TABLE mt_events DISABLE TRIGGER mt_dual_write;
            DELETE FROM mt_events WHERE seq_id BETWEEN 5 AND 7;
            ALTER TABLE mt_events ENABLE ALWAYS TRIGGER mt_dual_write;
            """);

        var error = await Should.ThrowAsync<ConversionDifferenceException>(() => store.Conversion().CompleteAsync());
        error.Differences.Sum(one => one.PlainCount - one.CopyCount).ShouldBe(3);
        (await CountAsync(store, ConversionState.Switched, plain: true)).ShouldBe(200);

        await store.Conversion(PlainStore.Options with { AcceptDifferences = true }).RollbackAsync();
        (await store.CountAsync()).ShouldBe(200);
    }

    [Fact]
    public async Task who_says_that_a_difference_is_accepted_keeps_the_table_named()
    {
        await using var store = await StartAsync(null, ConversionState.Switched);
        await DamageAsync(store, ConversionState.Switched, Changed);
        await DamageAsync(store, ConversionState.Switched, Extra);

        await Should.ThrowAsync<ConversionDifferenceException>(() => store.Conversion().CompleteAsync());
        var done = await store.Conversion(PlainStore.Options with { AcceptDifferences = true }).CompleteAsync();

        done.State.ShouldBe(ConversionState.Completed);
        (await store.Database.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE type <> 'forged'")).ShouldBe(200);
    }

    [Fact]
    public async Task rows_written_again_mend_the_plain_copy()
    {
        await using var store = await StartAsync(null, ConversionState.Switched);
        await DamageAsync(store, ConversionState.Switched, Lost);
        await DamageAsync(store, ConversionState.Switched, "UPDATE <plain> SET type = 'forged' WHERE seq_id = 9");

        await store.Database.ExecuteAsync("UPDATE mt_events SET type = type WHERE seq_id < 10");

        (await store.Conversion().RollbackAsync()).State.ShouldBe(ConversionState.Returned);
        (await store.CountAsync()).ShouldBe(200);
    }

    [Theory]
    [InlineData(Extra)]
    [InlineData("ALTER TABLE <plain> ADD COLUMN note text DEFAULT 'n', DROP COLUMN mt_dotnet_type")]
    public async Task before_the_switch_what_the_plain_table_has_alone_stays_and_is_no_obstacle(string change)
    {
        await using var store = await StartAsync("backfill", ConversionState.Backfilling);
        await DamageAsync(store, ConversionState.Backfilling, change);
        var hash = await store.HashAsync();

        (await store.Conversion().RollbackAsync()).State.ShouldBe(ConversionState.Returned);

        (await store.HashAsync()).ShouldBe(hash);
    }

    [Fact]
    public async Task a_plain_copy_emptied_after_it_was_compared_does_not_take_its_place_back()
    {
        await using var store = await StartAsync(null, ConversionState.Switched);
        var conversion = store.Conversion(
            observer: (step, moment) => (step, moment) == ("switch back", StepMoment.Before)
            ? store.Database.ExecuteAsync("TRUNCATE mt_events_plain")
            : Task.CompletedTask);

        var failure = await Should.ThrowAsync<PostgresException>(() => conversion.RollbackAsync());

        failure.MessageText.ShouldContain("mt_events_plain");
        (await store.CountAsync()).ShouldBe(200);
        (await store.Conversion().GetStatusAsync()).Layout.ShouldBe(StoreLayout.Partitioned);
    }

    [Fact]
    public async Task a_column_that_the_switched_table_has_alone_is_told_before_it_is_dropped()
    {
        await using var store = await StartAsync(null, ConversionState.Switched);
        await store.Database.ExecuteAsync("ALTER TABLE mt_events ADD COLUMN note text");

        (await Should.ThrowAsync<ConversionStateException>(() => store.Conversion().RollbackAsync()))
            .Message.ShouldContain("column note");
    }

    private static async Task<PlainStore> StartAsync(string? until, ConversionState state)
    {
        var store = await PlainStore.CreateAsync(200);
        var starting = store.Conversion(PlainStore.Shadow, (step, moment) =>
            (step, moment) == (until == "backfill" ? "verify" : until, StepMoment.Before)
                ? throw new BreakOff() : Task.CompletedTask).StartAsync();
        if (until is null)
            await starting;
        else
            await Should.ThrowAsync<BreakOff>(starting);
        (await store.Conversion().GetStatusAsync()).State.ShouldBe(state);
        return store;
    }

    /// <summary>As only the owner of the tables can: past the triggers that write both.</summary>
    private static Task DamageAsync(PlainStore store, ConversionState state, string damage) =>
        store.Database.ExecuteAsync(state == ConversionState.Switched
            ? damage.Replace("<plain>", "mt_events_plain")
            : $"""
               ALTER TABLE mt_events DISABLE TRIGGER mt_dual_write;
               {damage.Replace("<plain>", "mt_events")};
               ALTER TABLE mt_events ENABLE ALWAYS TRIGGER mt_dual_write;
               """);

    private static Task<long> CountAsync(PlainStore store, ConversionState state, bool plain) =>
        store.Database.ScalarAsync<long>("SELECT count(*) FROM " + (plain, state == ConversionState.Switched) switch
        {
            (true, true) => "mt_events_plain",
            (false, false) => "mt_events_shadow",
            _ => "mt_events",
        });
}
