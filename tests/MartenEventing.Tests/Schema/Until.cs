namespace MartenEventing.Tests.Schema;

internal static class Until
{
    /// <summary>Waits for a condition, a minute at most.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await condition())
            await Task.Delay(10, limit.Token);
    }
}
