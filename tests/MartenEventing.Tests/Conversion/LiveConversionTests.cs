using MartenEventing.Conversion;
using MartenEventing.Schema;

namespace MartenEventing.Tests.Conversion;

/// <summary>Writers and a reader run throughout.</summary>
public sealed class LiveConversionTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(EventTenancy.Single, 2_000)]
    [InlineData(EventTenancy.Conjoined, 2_000)]
    public async Task nobody_meets_an_error_or_a_hole_from_start_to_rollback(EventTenancy tenancy, int events)
    {
        await using var store = await PlainStore.CreateAsync(events, tenancy);
        await using var load = await LiveLoad.StartAsync(store);

        var started = await store.Conversion().StartAsync();
        output.WriteLine($"swap {started.SwapDuration}, longest append {load.LongestAppend}");
        started.State.ShouldBe(ConversionState.Attached);
        await load.ProgressAsync();
        load.ForgetLongest();
        await store.Conversion().SplitAsync();
        output.WriteLine($"split: longest append {load.LongestAppend}");
        await load.ProgressAsync();
        load.ForgetLongest();
        (await store.Conversion().RollbackAsync()).Layout.ShouldBe(StoreLayout.Plain);
        output.WriteLine($"rollback: longest append {load.LongestAppend}");
        await load.ProgressAsync();

        await load.StopAsync();
    }

    [Fact]
    public async Task a_transaction_left_idle_delays_the_swap_and_not_the_writers()
    {
        await using var store = await PlainStore.CreateAsync();
        await using var holder = await store.Database.DataSource.OpenConnectionAsync();
        await using var load = await LiveLoad.StartAsync(store);
        var prepared = new TaskCompletionSource();
        var conversion = store.Conversion(observer: async (step, moment) =>
        {
            if ((step, moment) != ("sequence", ConversionMoment.Before) || prepared.Task.IsCompleted)
                return;
            await using var begin = new Npgsql.NpgsqlCommand("BEGIN; SELECT FROM mt_events LIMIT 1", holder);
            await begin.ExecuteNonQueryAsync();
            load.ForgetLongest();
            prepared.SetResult();
        });

        var starting = conversion.StartAsync();
        await prepared.Task;
        for (var i = 0; i < 20; i++)
            await load.ProgressAsync();
        starting.IsCompleted.ShouldBeFalse();
        var longest = load.LongestAppend;
        await using (var end = new Npgsql.NpgsqlCommand("COMMIT", holder))
            await end.ExecuteNonQueryAsync();
        await starting;

        output.WriteLine($"longest append while the transaction was open {longest}");
        longest.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        await load.StopAsync();
    }
}
