namespace Parcels.Api.Tests.App;

/// <summary>Waits for what happens elsewhere.</summary>
public static class Until
{
    /// <summary>Asks again and again, until the answer is what is waited for; fails after half a minute.</summary>
    public static async Task<T> IsAsync<T>(Func<Task<T>> ask, Func<T, bool> isSo, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var answer = await ask();
        while (!isSo(answer))
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"Waited for 30 seconds until {what}; the last answer was {answer}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
            answer = await ask();
        }

        return answer;
    }
}
