using MartenEventing.TestSupport.House;
using MartenEventing.TestSupport.Importing;

namespace MartenEventing.Tests.Events.Importing;

public sealed class RealHistoryTests
{
    [Fact]
    public async Task the_history_of_a_real_project_comes_in_each_event_in_its_month()
    {
        var file = Repository.Below("..", "shared", "data", "marten-history.ndjson.gz");
        Assert.SkipUnless(File.Exists(file), "The history is not on this machine.");
        await using var store = await StoreDatabase.CreateAsync();
        await using var input = File.OpenRead(file);

        var report = await store.ImportAsync(input);

        (report.Events, report.NewStreams, report.EventsInHead).ShouldBe((47_641, 6_866, 0));
        (await store.DataSource.MisplacedAsync()).ShouldBeEmpty();
        await store.DataSource.ShouldHaveVersionsInOrderAsync();
        (await store.ScalarAsync<long>(
            """
            SELECT count(*) FROM mt_partitions()
             WHERE kind = 'month' AND lower_bound BETWEEN '2015-10-01 00:00:00+00' AND '2026-08-01 00:00:00+00'
            """)).ShouldBe(131);
    }
}
