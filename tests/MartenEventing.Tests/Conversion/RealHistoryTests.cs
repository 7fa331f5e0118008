using MartenEventing.Conversion;
using MartenEventing.Schema;
using MartenEventing.TestSupport.House;
using MartenEventing.TestSupport.Importing;
using MartenEventing.Tests.Events.Importing;

namespace MartenEventing.Tests.Conversion;

public sealed class RealHistoryTests
{
    /// <summary>Over all columns of all events, in whatever order.</summary>
    private const string Hash =
        "SELECT format('%s events, %s', count(*), sum(hashtextextended(e::text, 0)::numeric)) FROM mt_events e";

    [Fact]
    public async Task the_history_of_a_real_project_is_the_same_at_each_stage()
    {
        var file = Repository.Below("..", "shared", "data", "marten-history.ndjson.gz");
        Assert.SkipUnless(File.Exists(file), "The history is not on this machine.");
        await using var store = await StoreDatabase.CreateAsync(layout: StoreLayout.Plain);
        await using (var input = File.OpenRead(file))
            await store.ImportAsync(input);
        var hash = await store.ScalarAsync<string>(Hash);
        hash.ShouldStartWith("47641 events");
        var conversion = new StoreConversion(store.DataSource, options: PlainStore.Options);

        foreach (var call in (Func<Task>[])
            [() => conversion.StartAsync(), () => conversion.SplitAsync(), () => conversion.CompleteAsync()])
        {
            await call();
            (await store.ScalarAsync<string>(Hash)).ShouldBe(hash);
        }

        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_partitions()")).ShouldBeGreaterThan(120);
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events_head")).ShouldBe(0);
        await conversion.RevertAsync();

        (await store.ScalarAsync<string>(Hash)).ShouldBe(hash);
    }
}
