using MartenEventing.TestSupport.Partitioning;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Partitioning;

public sealed class HistoryTests
{
    private const string History = "SELECT mt_provision_history('month', $1)";

    [Fact]
    public async Task months_of_the_past_are_cut_out_of_the_head()
    {
        await using var store = await StoreDatabase.CreateAsync();

        (await store.ColumnAsync<string>(History, Month(-3).AddDays(5)))
            .ShouldBe([MonthName(-3), MonthName(-2), MonthName(-1)]);
        (await store.ColumnAsync<string>(History, Month(-3))).ShouldBeEmpty();
        (await store.ColumnAsync<string>(History, Month(3))).ShouldBeEmpty();

        (await store.PartitionOfAsync(await store.AppendAsync(Month(-3)))).ShouldBe(MonthName(-3));
        (await store.PartitionOfAsync(await store.AppendAsync(Month(-3).AddTicks(-10)))).ShouldBe("mt_events_head");
    }

    [Fact]
    public async Task the_few_events_of_that_time_move_along()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var old = await store.AppendAsync(Month(-5));
        await store.FillAsync(Month(-2), TimeSpan.FromMinutes(1), 10_000);

        await store.ExecuteAsync(History, Month(-2));

        (await store.PartitionOfAsync(old)).ShouldBe("mt_events_head");
        (await store.ScalarAsync<long>($"SELECT count(*) FROM {MonthName(-2)}")).ShouldBe(10_000);
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(10_001);
    }

    [Fact]
    public async Task a_head_full_of_events_of_that_time_is_left_alone()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.FillAsync(Month(-2), TimeSpan.FromMinutes(1), 10_001);

        (await store.ColumnAsync<string>(History, Month(-2))).ShouldBeEmpty();

        (await store.LayoutAsync())[0].ShouldBe("mt_events_head open");
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events_head")).ShouldBe(10_001);
    }

    [Fact]
    public async Task a_call_makes_no_more_partitions_than_it_may()
    {
        await using var store = await StoreDatabase.CreateAsync();

        (await store.ColumnAsync<string>("SELECT mt_provision_history('month', '1970-01-01', 5)")).Count.ShouldBe(5);
        (await store.ColumnAsync<string>("SELECT mt_provision_history('month', '-infinity')")).Count.ShouldBe(240);
        (await store.ColumnAsync<string>("SELECT mt_provision_history('month', '1970-01-01', 0)")).ShouldBeEmpty();
        (await store.ColumnAsync<string>("SELECT mt_provision_history('month', NULL)")).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_sealed_head_is_unsealed_by_it()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.AppendAsync(Month(-5), 3);
        await store.ExecuteAsync("SELECT mt_seal_partition('mt_events_head')");
        await store.ExecuteAsync("ALTER TABLE mt_events_head VALIDATE CONSTRAINT mt_sealed");

        await store.ExecuteAsync(History, Month(-1));

        (await store.LayoutAsync())[0].ShouldBe("mt_events_head open");
    }
}
