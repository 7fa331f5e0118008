namespace MartenEventing.TestSupport.Postgres;

/// <summary>Waits for what happens elsewhere, a minute at most.</summary>
public static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Asks until it is so.</summary>
    public static Task TrueAsync(Func<Task<bool>> condition) => IsAsync(condition, isSo => isSo, "it is so");

    /// <summary>
    /// Asks until the answer is what is waited for; the error tells what that was, and the last answer.
    /// </summary>
    public static async Task<T> IsAsync<T>(Func<Task<T>> ask, Func<T, bool> isSo, string what)
    {
        using var limit = new CancellationTokenSource(Limit);
        var answer = await ask();
        while (!isSo(answer))
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"Waited for {Limit} until {what}; the last answer was {answer}.");
            await Task.Delay(TimeSpan.FromMilliseconds(10));
            answer = await ask();
        }

        return answer;
    }
}
