using MartenEventing.Load;

namespace MartenEventing.Tests.Conversion;

/// <summary>The load that proves conversions tells what it should.</summary>
public sealed class ApplicationLoadTests
{
    [Theory]
    [InlineData("DELETE FROM mt_events WHERE seq_id = (SELECT max(seq_id) FROM mt_events)", "lost")]
    [InlineData("DELETE FROM mt_events WHERE seq_id = 7", "events, not")]
    [InlineData(
        "UPDATE mt_events SET id = (SELECT id FROM mt_events WHERE seq_id = 8) WHERE seq_id = 9", "distinct ids")]
    [InlineData("UPDATE mt_events SET version = 100 WHERE seq_id = 10", "versions are not 1 to")]
    public async Task what_is_lost_double_or_out_of_order_at_the_end_is_told(string harm, string told)
    {
        await using var store = await PlainStore.CreateAsync(100);
        await using var load = await ApplicationLoad.StartAsync(
            store.Database.DataSource, new LoadOptions { Writers = 2 });
        await load.ProgressAsync();
        await load.EndAsync();

        await store.Database.ExecuteAsync(harm);

        (await load.StopAsync()).ShouldContain(line => line.Contains(told));
    }

    [Theory]
    [InlineData("DELETE FROM mt_events WHERE version = 1", "has version 2")]
    [InlineData("DELETE FROM mt_events WHERE seq_id < 50", "history: ")]
    [InlineData("DELETE FROM mt_events WHERE seq_id > 100", "missing")]
    public async Task readers_notice_what_is_not_there_while_the_load_goes_on(string harm, string told)
    {
        await using var store = await PlainStore.CreateAsync(100);
        await using var load = await ApplicationLoad.StartAsync(
            store.Database.DataSource, new LoadOptions { Writers = 2, StreamReaders = 1 });

        await store.Database.ExecuteAsync(harm);
        while (!load.Errors.Any(error => error.Contains(told)))
            await Task.Delay(5, TestContext.Current.CancellationToken);

        (await load.StopAsync()).ShouldNotBeEmpty();
    }
}
