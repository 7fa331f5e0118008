using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Retention;
using MartenEventing.TestSupport.Partitioning;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;
using static MartenEventing.Tests.Retention.RetentionStore;

namespace MartenEventing.Tests.Retention;

/// <summary>mt_events is altered while what stays has been copied, but is not in place yet.</summary>
public sealed class AlteredTests
{
    [Theory]
    [InlineData("ALTER TABLE mt_events ADD COLUMN amount int NOT NULL DEFAULT 7", "amount = 7")]
    [InlineData("ALTER TABLE mt_events DROP COLUMN note", "true")]
    [InlineData("ALTER TABLE mt_events RENAME note TO remark", "remark = 'n'")]
    [InlineData("ALTER TABLE mt_events ALTER COLUMN note TYPE varchar(9)", "note = 'n'")]
    [InlineData("ALTER TABLE mt_events ALTER COLUMN note SET NOT NULL", "note = 'n'")]
    [InlineData("ALTER TABLE mt_events ADD CONSTRAINT sane CHECK (version > 0)", "version > 0")]
    [InlineData("ALTER TABLE mt_events ADD CONSTRAINT sane CHECK (version > 0) NOT VALID", "version > 0")]
    [InlineData("CREATE INDEX by_note ON mt_events (note)", "note = 'n'")]
    public async Task a_run_that_was_broken_off_copies_once_more_and_completes(string sql, string isRight)
    {
        await using var store = await CreateAsync();
        await Should.ThrowAsync<IOException>(() => store.Retention(observer: (step, moment) =>
            (step, moment) == (RetentionSteps.Copy, StepMoment.Committed) ? throw new IOException("broken off")
                : Task.CompletedTask)
            .ApplyAsync());
        (await store.ScalarAsync<string>("SELECT state FROM mt_retention_run")).ShouldBe("copied");

        await store.ExecuteAsync(sql);
        await store.DataSource.AppendAsync(Id(1), Month(-5));
        (await store.Retention().ApplyAsync()).Expired.ShouldNotBeEmpty();

        await ShouldBeRightAsync(store, isRight);
    }

    [Theory]
    [InlineData(RetentionSteps.Copy)]
    [InlineData(RetentionSteps.Swap)]
    public async Task a_run_that_goes_on_meanwhile_copies_once_more_and_completes(string at)
    {
        await using var store = await CreateAsync();
        var altered = false;

        var report = await store.Retention(observer: async (step, moment) =>
        {
            if (altered || step != at || moment == StepMoment.Before != (at == RetentionSteps.Swap))
                return;
            altered = true;
            await store.DataSource.AppendAsync(Id(1), Month(-5));
            await store.ExecuteAsync(
                "ALTER TABLE mt_events RENAME note TO remark; ALTER TABLE mt_events ADD COLUMN amount int DEFAULT 7");
        }).ApplyAsync();

        report.Expired.ShouldNotBeEmpty();
        await ShouldBeRightAsync(store, "remark = 'n' AND amount = 7");
    }

    /// <summary>A stream that lives and one that ends in a month that goes.</summary>
    private static async Task<StoreDatabase> CreateAsync()
    {
        var store = await StoreDatabase.OfMonthsAsync(-5);
        await store.ExecuteAsync("ALTER TABLE mt_events ADD COLUMN note text DEFAULT 'n'");
        await store.DataSource.AppendAsync(Id(1), Month(-5), 2);
        await store.DataSource.AppendAsync(Id(1), Month(0));
        await store.DataSource.AppendAsync(Id(2), Month(-5), 2);
        return store;
    }

    private static async Task ShouldBeRightAsync(StoreDatabase store, string isRight)
    {
        (await store.StreamsAsync()).ShouldBe([$"{Id(1)}: 1 2 3 4"]);
        (await store.ScalarAsync<bool>($"SELECT bool_and({isRight}) FROM mt_events")).ShouldBeTrue();
        await store.ShouldBeTidyAsync();
    }
}
