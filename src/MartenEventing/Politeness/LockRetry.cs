using Npgsql;
using Polly;
using Polly.Retry;

namespace MartenEventing.Politeness;

/// <summary>
/// Tries again and again what takes locks that others need. Locks that are not to be had at once are left to the
/// others; it stays away for a while, longer each time, and gives up when its patience is over.
/// </summary>
internal sealed class LockRetry(LockPatience patience, TimeProvider time)
{
    private const int LongestBackOff = 10;

    /// <summary>
    /// Told of each attempt that is not the last: its number from 1 on, who was in the way, and whether the server was
    /// asked at all.
    /// </summary>
    public Action<int, string?, bool>? NotHad { get; init; }

    /// <summary>The step of a plan that is tried; null for what is none.</summary>
    public string? Step { get; init; }

    /// <summary>Who was in the way at last; null when nobody was seen.</summary>
    public string? HeldBy { get; set; }

    /// <summary>Whether a statement failed because of the locks of others, and may do better later.</summary>
    public static bool IsLockTrouble(PostgresException error) =>
        error.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected;

    /// <summary>Returns what the attempt returns that succeeds.</summary>
    /// <param name="what">What is given up in the end.</param>
    /// <param name="attempt">Is told its number from 0 on; notes in <see cref="HeldBy"/> for whom it waits.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="keptBy">Whom there is no use in asking for locks besides; then nothing is attempted.</param>
    /// <param name="next">What the next call does.</param>
    /// <exception cref="GaveUpWaitingException">
    /// The patience is over; the inner exception is the server's, if it was asked.
    /// </exception>
    public async Task<T> RunAsync<T>(
        string what, Func<int, CancellationToken, Task<T>> attempt, CancellationToken cancellationToken,
        Func<CancellationToken, Task<string?>>? keptBy = null, string? next = null)
    {
        var began = time.GetTimestamp();
        var number = 0;
        try
        {
            return await Pipeline(began).ExecuteAsync(
                async token =>
                {
                    if (keptBy is not null && await keptBy(token) is { } holders)
                    {
                        number++;
                        HeldBy = holders;
                        throw new NotHadException(null);
                    }

                    return await AttemptAsync(attempt, number++, token);
                },
                cancellationToken);
        }
        catch (NotHadException error)
        {
            throw new GaveUpWaitingException(
                what, time.GetElapsedTime(began), HeldBy, next, error.InnerException) { Step = Step };
        }
    }

    private static async Task<T> AttemptAsync<T>(
        Func<int, CancellationToken, Task<T>> attempt, int number, CancellationToken cancellationToken)
    {
        try
        {
            return await attempt(number, cancellationToken);
        }
        catch (PostgresException error) when (IsLockTrouble(error))
        {
            throw new NotHadException(error);
        }
    }

    private ResiliencePipeline Pipeline(long began) => patience.Attempts == 1
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = args => ValueTask.FromResult(
                    args.Outcome.Exception is NotHadException
                    && !(time.GetElapsedTime(began) >= patience.GiveUpAfter)),
                MaxRetryAttempts = patience.Attempts - 1 ?? int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = patience.BackOff,
                MaxDelay = LongestBackOff * patience.BackOff,
                UseJitter = true,
                OnRetry = args =>
                {
                    NotHad?.Invoke(args.AttemptNumber + 1, HeldBy, args.Outcome.Exception?.InnerException is not null);
                    return default;
                },
            })
            .Build();

    private sealed class NotHadException(PostgresException? error) : Exception("locks were not had", error);
}
