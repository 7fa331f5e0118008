using System.Diagnostics;

namespace MartenEventing.LocalPostgres;

/// <summary>Waits for what nobody announces: the end of a process, the release of a file lock.</summary>
internal static class Poll
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>False when the condition still did not hold after the timeout.</summary>
    public static async Task<bool> UntilAsync(
        Func<bool> condition, TimeSpan timeout, CancellationToken cancellation = default)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(started) > timeout)
                return false;
            await Task.Delay(Interval, cancellation);
        }

        return true;
    }
}
