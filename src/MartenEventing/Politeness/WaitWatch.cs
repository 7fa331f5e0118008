using Npgsql;

namespace MartenEventing.Politeness;

/// <summary>
/// Looks on, through connections of its own, while a session runs something that may wait for others, and tells whom:
/// after a second, when they change, and every ten seconds. That it cannot look on keeps nothing from running.
/// </summary>
internal sealed class WaitWatch(
    Func<int, CancellationToken, Task<IReadOnlyList<Holder>>> find, int pid, Action<string>? tell)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private const int PausesUntilToldAgain = 10;

    /// <summary>Whom it waits for, or waited for at last; null when nobody was seen.</summary>
    public string? HeldBy { get; private set; }

    /// <param name="run">What may wait.</param>
    /// <param name="limit">How long it may wait at most: it is looked at before that is over. Null: no limit.</param>
    public async Task<T> RunAsync<T>(Func<Task<T>> run, TimeSpan? limit)
    {
        HeldBy = null;
        using var end = new CancellationTokenSource();
        var running = run();
        var watching = WatchAsync(limit is { } most && most / 2 < Pause ? most / 2 : Pause, end.Token);
        try
        {
            return await running;
        }
        finally
        {
            await end.CancelAsync();
            await watching;
        }
    }

    /// <summary>The same; that the lock was not to be had in that time is told with whom it was waited for.</summary>
    /// <param name="run">What may wait.</param>
    /// <param name="limit">How long the server lets it wait.</param>
    /// <param name="what">What is given up then.</param>
    /// <exception cref="GaveUpWaitingException">It was not to be had.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> run, TimeSpan limit, string what)
    {
        try
        {
            return await RunAsync(run, limit);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new GaveUpWaitingException(what, limit, HeldBy, inner: error);
        }
    }

    private async Task WatchAsync(TimeSpan pause, CancellationToken end)
    {
        var told = "";
        for (var round = 0; ; round++)
        {
            try
            {
                await Task.Delay(pause, end);
                pause = Pause;
                var holders = await find(pid, end);
                if (holders.Count == 0)
                    continue;
                HeldBy = Holders.Describe(holders);
                var key = string.Join(';', holders.Select(holder => holder.Key).Order(StringComparer.Ordinal));
                if (key == told && round % PausesUntilToldAgain != 0)
                    continue;
                told = key;
                tell?.Invoke(HeldBy!);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                if (end.IsCancellationRequested)
                    return;
            }
        }
    }
}
