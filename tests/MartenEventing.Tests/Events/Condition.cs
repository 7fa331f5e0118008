namespace MartenEventing.Tests.Events;

internal static class Condition
{
    /// <summary>Waits until a condition in this process holds, two minutes at most.</summary>
    public static async Task BecomesTrueAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
    }
}
