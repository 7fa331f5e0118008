using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Retention;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;
using static MartenEventing.Tests.Retention.RetentionStore;

namespace MartenEventing.Tests.Retention;

/// <summary>What others do while a run is under way.</summary>
public sealed class RetentionRaceTests
{
    [Theory]
    [InlineData(RetentionSteps.Begin)]
    [InlineData(RetentionSteps.Choose)]
    [InlineData(RetentionSteps.Copy)]
    public async Task a_stream_that_is_written_to_lives(string step)
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-4);
        for (var stream = 1; stream <= 4; stream++)
            await store.DataSource.AppendAsync(Id(stream), Month(-4), 2);

        await store.Retention(observer: After(step, async () =>
        {
            await store.DataSource.AppendAsync(Id(1), Month(-4));
            await store.DataSource.AppendAsync(Id(2), Month(-7));
            await store.DataSource.AppendAsync(Id(3), Month(0));
            await store.DataSource.AppendAsync(Id(5), Month(-4));
        })).ApplyAsync();

        var streams = await store.StreamsAsync();
        streams.ShouldContain($"{Id(3)}: 1 2 3");
        streams.ShouldNotContain($"{Id(4)}: 1 2");
        if (step != RetentionSteps.Begin)
            streams.ShouldBe([$"{Id(1)}: 1 2 3", $"{Id(2)}: 1 2 3", $"{Id(3)}: 1 2 3", $"{Id(5)}: 1"]);
        await store.ShouldBeTidyAsync();
    }

    [Theory]
    [InlineData(-4)]
    [InlineData(-7)]
    public async Task an_event_that_is_masked_after_it_was_chosen_keeps_its_stream(int month)
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-4);
        await store.DataSource.AppendAsync(Id(1), Month(month));
        await store.DataSource.AppendAsync(Id(1), Month(-4));
        await store.DataSource.AppendAsync(Id(2), Month(-4));

        await store.Retention(observer: After(RetentionSteps.Copy, () =>
            store.ExecuteAsync("UPDATE mt_events SET data = '\"masked\"' WHERE stream_id = $1 AND version = 1", Id(1))))
            .ApplyAsync();

        (await store.StreamsAsync()).ShouldBe([$"{Id(1)}: 1 2"]);
        (await store.ScalarAsync<string>("SELECT data #>> '{}' FROM mt_events WHERE version = 1")).ShouldBe("masked");
    }

    [Fact]
    public async Task changes_of_living_streams_are_carried()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-4);
        for (var stream = 1; stream <= 3; stream++)
        {
            await store.DataSource.AppendAsync(Id(stream), Month(-4), 3);
            await store.DataSource.AppendAsync(Id(stream), Month(0));
        }

        await store.DataSource.AppendAsync(Id(9), Month(-4));
        await store.Retention(observer: After(RetentionSteps.Copy, () => store.ExecuteAsync(
            """
            UPDATE mt_events SET data = '"masked"' WHERE stream_id = $1 AND version = 2;
            """, Id(1)), () => store.ExecuteAsync("DELETE FROM mt_events WHERE stream_id = $1 AND version = 3", Id(2)),
            () => store.ExecuteAsync(
                "UPDATE mt_events SET timestamp = now() WHERE stream_id = $1 AND version = 1", Id(3))))
            .ApplyAsync();

        (await store.StreamsAsync()).ShouldBe([$"{Id(1)}: 1 2 3 4", $"{Id(2)}: 1 2 4", $"{Id(3)}: 1 2 3 4"]);
        (await store.ScalarAsync<string>(
            "SELECT data #>> '{}' FROM mt_events WHERE stream_id = $1 AND version = 2", Id(1)))
            .ShouldBe("masked");
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events_head")).ShouldBe(3 + 2 + 2);
    }

    [Fact]
    public async Task a_reader_that_keeps_its_transaction_open_delays_the_swap_and_nobody_else()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-4);
        await store.DataSource.AppendAsync(Id(1), Month(-4));
        await using var reader = await store.DataSource.OpenConnectionAsync();
        var reading = await reader.BeginTransactionAsync();
        await using (var command = reader.CreateCommand())
        {
            command.CommandText = "SELECT count(*) FROM mt_events";
            await command.ExecuteScalarAsync();
        }

        var waited = new TaskCompletionSource();
        var retention = new StoreRetention(store.DataSource, "public", ThreeMonths)
        {
            Progress = new Told(progress =>
            {
                if (progress.WaitingFor is not null)
                    waited.TrySetResult();
            }),
        };
        var running = retention.ApplyAsync();
        await waited.Task;
        await store.DataSource.AppendAsync(Id(2), Month(0));
        await reading.RollbackAsync();
        await running;

        (await store.StreamsAsync()).ShouldBe([$"{Id(2)}: 1"]);
    }

    private static Func<string, StepMoment, Task> After(string at, params Func<Task>[] work)
    {
        var done = false;
        return async (step, moment) =>
        {
            if (done || step != at || moment != StepMoment.Committed)
                return;
            done = true;
            foreach (var item in work)
                await item();
        };
    }

    private sealed class Told(Action<RetentionProgress> tell) : IProgress<RetentionProgress>
    {
        public void Report(RetentionProgress value) => tell(value);
    }
}
