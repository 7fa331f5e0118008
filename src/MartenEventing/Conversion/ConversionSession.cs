using MartenEventing.Partitioning;
using MartenEventing.Waiting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MartenEventing.Conversion;

/// <summary>A polite session that runs the steps of a conversion: their progress, and their errors.</summary>
internal sealed class ConversionSession(
    MaintenanceLock turn, string schemaName, ConversionOptions options, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    private readonly PoliteSession _session = new(
        turn, schemaName, new Politeness(options.LockTimeout, options.LockBackOff, options.GiveUpAfter), time, logger);

    public IProgress<ConversionProgress>? Progress
    {
        get;
        init
        {
            field = value;
            _session.Progress = (step, holders) => Report(new ConversionProgress(step, WaitingFor: holders));
        }
    }

    public Func<string, SessionMoment, Task>? Observer
    {
        init => _session.Observer = value;
    }

    public NpgsqlConnection Connection => _session.Connection;

    public string SchemaName { get; } = schemaName;

    /// <summary>The schema as it precedes a name.</summary>
    public string Schema => _session.Schema;

    public static async Task<MaintenanceLock> TakeTurnAsync(
        NpgsqlDataSource dataSource, string schemaName, CancellationToken cancellationToken) =>
        await MaintenanceLock.TryTakeAsync(dataSource, schemaName, cancellationToken)
        ?? throw new ConversionBusyException(schemaName);

    /// <inheritdoc cref="PoliteSession.RunAsync"/>
    /// <exception cref="ConversionGaveUpException">Somebody let it wait for longer than is allowed.</exception>
    public async Task RunAsync(string step, string sql, CancellationToken cancellationToken)
    {
        try
        {
            await _session.RunAsync(step, sql, cancellationToken, Leftovers.Pattern);
        }
        catch (LocksNotHadException error)
        {
            throw GaveUp(error);
        }
    }

    /// <inheritdoc cref="PoliteSession.LockAsync"/>
    /// <exception cref="ConversionGaveUpException">It did not get them in the time allowed.</exception>
    public async Task<(object?[] Row, TimeSpan Duration)> LockAsync(
        string step, Func<int, string> sql, CancellationToken cancellationToken, bool harmless = false)
    {
        try
        {
            return await _session.LockAsync(step, sql, [], cancellationToken, harmless);
        }
        catch (LocksNotHadException error)
        {
            throw GaveUp(error);
        }
    }

    /// <summary>Waits until nobody looks at the database as it was before this moment.</summary>
    /// <exception cref="ConversionGaveUpException">Somebody still does after the time allowed.</exception>
    public async Task WaitForSnapshotsAsync(string step, CancellationToken cancellationToken)
    {
        await _session.ObserveAsync(step, SessionMoment.Before);
        var began = time.GetTimestamp();
        var moment = await ReadAsync<string>("SELECT pg_current_xact_id()::text", cancellationToken);
        try
        {
            for (var attempt = 0;
                 Holders.Describe(await Holders.OfSnapshotsAsync(Connection, moment, cancellationToken)) is { } holders;
                 attempt++)
                await _session.StayAwayAsync(step, began, attempt, holders, cancellationToken);
        }
        catch (LocksNotHadException error)
        {
            throw GaveUp(error);
        }

        await _session.ObserveAsync(step, SessionMoment.Committed);
    }

    /// <inheritdoc cref="PoliteSession.ReadAsync"/>
    /// <exception cref="ConversionGaveUpException">Somebody let it wait for longer than is allowed.</exception>
    public async Task<T> ReadAsync<T>(string sql, CancellationToken cancellationToken, string step = "read")
    {
        try
        {
            return await _session.ReadAsync<T>(sql, cancellationToken, step);
        }
        catch (LocksNotHadException error)
        {
            throw GaveUp(error);
        }
    }

    /// <inheritdoc cref="PoliteSession.ListAsync"/>
    public Task<List<string>> ListAsync(string sql, CancellationToken cancellationToken) =>
        _session.ListAsync(sql, cancellationToken);

    public void Report(ConversionProgress progress) => Progress?.Report(progress);

    /// <inheritdoc cref="PoliteSession.ObserveAsync"/>
    public Task ObserveAsync(string step, SessionMoment moment) => _session.ObserveAsync(step, moment);

    /// <summary>Leaves others their share of the time after a batch that took so long.</summary>
    public Task RestAsync(TimeSpan batch, CancellationToken cancellationToken) =>
        _session.RestAsync(batch, options.BatchShare, cancellationToken);

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private ConversionGaveUpException GaveUp(LocksNotHadException error) =>
        new(SchemaName, error.Step, error.Waited, error.HeldBy, UnfinishedIndexes.Describe(error.Unfinished));
}
