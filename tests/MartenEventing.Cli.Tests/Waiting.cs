namespace MartenEventing.Cli.Tests;

internal static class Waiting
{
    /// <summary>Waits until the command waits for the migrator's lock.</summary>
    public static async Task WaitUntilWaitingAsync(this TestDatabase database)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await database.DataSource.ScalarAsync<long>(
            """
            SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'
            """) == 0)
            await Task.Delay(10, limit.Token);
    }
}
