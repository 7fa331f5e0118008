using MartenEventing.Conversion;
using MartenEventing.Load;
using MartenEventing.Schema;
using MartenEventing.TestSupport;

namespace MartenEventing.Tests.Conversion;

/// <summary>An application is at work throughout.</summary>
public sealed class ShadowLiveTests(ITestOutputHelper output)
{
    [Theory]
    [InFull(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task nobody_meets_an_error_or_a_hole_while_a_copy_takes_over_and_back(EventTenancy tenancy)
    {
        await using var store = await PlainStore.CreateAsync(2_000, tenancy);
        await using var load = await ApplicationLoad.StartAsync(
            store.Database.DataSource, new LoadOptions { Writers = 4 });

        foreach (var (name, call) in (IEnumerable<(string, Func<StoreConversion, Task<ConversionStatus>>)>)
        [
            ("start", c => c.StartAsync()), ("rollback", c => c.RollbackAsync()),
            ("start", c => c.StartAsync()), ("complete", c => c.CompleteAsync()),
        ])
        {
            load.TakeFigures();
            var status = await call(store.Conversion(PlainStore.Shadow));
            output.WriteLine($"{name}: {status.Layout} {status.State} {status.SwapDuration} {load.TakeFigures()}");
            await load.ProgressAsync();
            if (status.State == ConversionState.Switched)
            {
                await load.ProgressAsync();
                (await DifferencesAsync(store)).ShouldBe(0);
            }
        }

        (await load.StopAsync()).ShouldBeEmpty();
    }

    /// <summary>In one statement, so that both are seen at the same instant.</summary>
    private static Task<long> DifferencesAsync(PlainStore store) => store.Database.ScalarAsync<long>(
        """
        SELECT count(*) FROM mt_events_plain p FULL JOIN mt_events e ON e.seq_id = p.seq_id
         WHERE e::text IS DISTINCT FROM p::text
        """);
}
