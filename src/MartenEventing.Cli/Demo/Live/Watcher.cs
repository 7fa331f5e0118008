using Npgsql;

namespace MartenEventing.Cli.Demo.Live;

/// <summary>
/// Counts all events again and again. What it sees is to be no less than what was acknowledged before it looked, and
/// no more than what had been begun when it was done: else an event was invisible, or double.
/// </summary>
internal sealed class Watcher
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private int _looks;

    private Watcher(NpgsqlDataSource source, string schema, long before, Writers writers) =>
        _running = Task.Run(() => WatchAsync(source, schema, before, writers));

    public static Watcher Start(NpgsqlDataSource source, string schema, long before, Writers writers) =>
        new(source, schema, before, writers);

    /// <summary>How often it has looked, once at least.</summary>
    /// <exception cref="ClaimException">It saw too few events once, or too many.</exception>
    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        return _looks;
    }

    private async Task WatchAsync(NpgsqlDataSource source, string schema, long before, Writers writers)
    {
        do
        {
            var atLeast = before + writers.Acknowledged;
            var seen = await source.ScalarAsync<long>(
                $"SELECT count(*) FROM {schema}.mt_events", CancellationToken.None);
            var atMost = before + writers.Begun;
            Claim.Holds(seen >= atLeast, $"{seen:N0} events were to be seen while {atLeast:N0} were there.");
            Claim.Holds(seen <= atMost, $"{seen:N0} events were to be seen while there were {atMost:N0} at most.");
            _looks++;
            await Task.Delay(BetweenLooks, CancellationToken.None);
        }
        while (!_stop.IsCancellationRequested);
    }
}
