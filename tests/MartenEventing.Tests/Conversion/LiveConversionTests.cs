using System.Diagnostics;
using MartenEventing.Conversion;
using MartenEventing.Load;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using MartenEventing.TestSupport;
using Npgsql;

namespace MartenEventing.Tests.Conversion;

/// <summary>
/// An application is at work throughout: writers in Marten's ways, and readers who know what they must find.
/// </summary>
public sealed class LiveConversionTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(EventTenancy.Single)]
    [InFull(EventTenancy.Conjoined)]
    public async Task nobody_meets_an_error_or_a_hole_from_start_to_rollback_and_to_revert(EventTenancy tenancy)
    {
        await using var store = await PlainStore.CreateAsync(2_000, tenancy);
        await using var load = await ApplicationLoad.StartAsync(store.Database.DataSource);

        foreach (var (name, call) in (IEnumerable<(string, Func<StoreConversion, Task<ConversionStatus>>)>)
        [
            ("start", c => c.StartAsync()), ("split", c => c.SplitAsync()), ("rollback", c => c.RollbackAsync()),
            ("start", c => c.StartAsync()), ("complete", c => c.CompleteAsync()), ("revert", c => c.RevertAsync()),
        ])
        {
            load.TakeFigures();
            var status = await call(store.Conversion());
            output.WriteLine($"{name}: {status.Layout} {status.State} {status.SwapDuration} {load.TakeFigures()}");
            await load.ProgressAsync();
        }

        (await load.StopAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_transaction_left_idle_delays_the_swap_and_not_the_writers()
    {
        await using var store = await PlainStore.CreateAsync();
        await using var holder = await store.Database.DataSource.OpenConnectionAsync();
        await using var load = await ApplicationLoad.StartAsync(store.Database.DataSource);
        var prepared = new TaskCompletionSource();
        var conversion = store.Conversion(observer: async (step, moment) =>
        {
            if ((step, moment) != ("sequence", StepMoment.Before) || prepared.Task.IsCompleted)
                return;
            await using var begin = new NpgsqlCommand("BEGIN; SELECT FROM mt_events LIMIT 1", holder);
            await begin.ExecuteNonQueryAsync();
            load.TakeFigures();
            prepared.SetResult();
        });

        var starting = conversion.StartAsync();
        await prepared.Task;
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(2);)
            await load.ProgressAsync();
        starting.IsCompleted.ShouldBeFalse();
        var figures = load.TakeFigures();
        await using (var end = new NpgsqlCommand("COMMIT", holder))
            await end.ExecuteNonQueryAsync();
        await starting;

        output.WriteLine($"while the transaction was open: {figures}");
        figures.LongestAppend.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        (await load.StopAsync()).ShouldBeEmpty();
    }
}
