using MartenEventing.Diagnostics;
using MartenEventing.PartitionArchive;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MartenEventing.Retention;

/// <summary>
/// Removes what is old: a stream is kept whole or removed whole, unless <see cref="RetentionOptions.Cut"/> was chosen.
/// May run anywhere, any time, in any number: one does the work, the others skip. What a crash interrupts, the next run
/// completes.
/// </summary>
public sealed class StoreRetention
{
    private readonly NpgsqlDataSource _dataSource;
    private readonly string _schemaName;
    private readonly RetentionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PartitionCatalog _catalog;

    /// <summary>Prepares; nothing is read or changed yet.</summary>
    /// <param name="dataSource">The database. A pooler in front of it must keep sessions together.</param>
    /// <param name="schemaName">The schema of the store.</param>
    /// <param name="options">What is kept how long. Default: everything for ever.</param>
    /// <param name="time">Read once a run. Default: the system's clock.</param>
    /// <param name="logger">Default: none.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public StoreRetention(
        NpgsqlDataSource dataSource,
        string schemaName = "public",
        RetentionOptions? options = null,
        TimeProvider? time = null,
        ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentException.ThrowIfNullOrEmpty(schemaName);
        _dataSource = dataSource;
        _schemaName = schemaName;
        _options = (options ?? new RetentionOptions()).Validated();
        _time = time ?? TimeProvider.System;
        _logger = logger ?? NullLogger.Instance;
        _catalog = new PartitionCatalog(dataSource, schemaName);
    }

    /// <summary>
    /// The one tenant whose partitions are looked at, in a store where each has its own. Default null: those of all,
    /// one tenant after the other.
    /// </summary>
    public string? Tenant { get; init; }

    /// <summary>Is told how it goes on. Default null.</summary>
    public IProgress<RetentionProgress>? Progress { get; init; }

    /// <summary>
    /// Where partition archives of what is removed are written first, and verified. Default: the folder that the
    /// options name; without one, nowhere.
    /// </summary>
    public IArchiveStorage? ArchiveStorage { get; init; }

    /// <summary>With what they are encrypted. Default null: not encrypted.</summary>
    public ArchiveKey? ArchiveKey { get; init; }

    internal Func<string, StepMoment, Task>? Observer { get; init; }

    /// <summary>
    /// What <see cref="ApplyAsync"/> would do now, and what keeps it from doing more. Changes nothing.
    /// </summary>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    /// <exception cref="StoreNotPartitionedException">The store is plain.</exception>
    /// <exception cref="UnsupportedStoreException">Tenants have policies of their own and share the
    /// partitions.</exception>
    public async Task<RetentionPlan> PlanAsync(CancellationToken cancellationToken = default)
    {
        var plans = new List<RetentionPlan>();
        var now = _time.GetUtcNow();
        foreach (var tenant in await TenantsAsync(cancellationToken))
        {
            var options = _options.Of(tenant);
            var sizes = await _catalog.ListSizesAsync(tenant, cancellationToken);
            var verdict = RetentionPolicy.Decide(options, sizes, now);
            var survey = new RetentionSurvey(_dataSource, _schemaName, tenant, options, Archive(options) is not null);
            plans.Add(await survey.PlanAsync(verdict, sizes, now, cancellationToken));
        }

        return plans is [var only] ? only : RetentionPlan.Join(_schemaName, now, plans);
    }

    /// <summary>
    /// Removes what the policies say, unless a gate forbids it. Nobody waits longer than the lock timeout and the swap
    /// of a partition: milliseconds, whatever the size.
    /// </summary>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    /// <exception cref="StoreNotPartitionedException">The store is plain.</exception>
    /// <exception cref="GaveUpWaitingException">Locks were not to be had in the time allowed.</exception>
    public async Task<RetentionReport> ApplyAsync(CancellationToken cancellationToken = default)
    {
        using var activity = EventingDiagnostics.Activities.StartActivity("retention");
        activity?.SetTag("schema", _schemaName);
        var report = new RetentionReport { SchemaName = _schemaName, At = _time.GetUtcNow(), Skipped = true };
        var started = _time.GetTimestamp();
        var tenants = await TenantsAsync(cancellationToken);
        var turn = await MaintenanceLock.TryTakeAsync(_dataSource, _schemaName, cancellationToken);
        if (turn is null)
        {
            LogMessages.MaintainedElsewhere(_logger, _schemaName);
            return report;
        }

        await using var session = Open(turn);
        var runs = new List<RetentionRun>();
        foreach (var tenant in await SettleFirstAsync(session, tenants, cancellationToken))
        {
            await TenantInHand.UseAsync(session.Connection, _schemaName, tenant, cancellationToken);
            var run = new RetentionRun(
                session, _options.Of(tenant), () => DecideAsync(tenant, report.At, cancellationToken), _time)
            {
                Archive = Archive(_options.Of(tenant)),
            };
            runs.Add(run);
            await run.RunAsync(cancellationToken);
        }

        report = report with
        {
            Skipped = false,
            Duration = _time.GetElapsedTime(started),
            Expired = [.. runs.SelectMany(run => run.Expired)],
            RemovedElsewhere = runs.Sum(run => run.EventsElsewhere),
            StreamsElsewhere = runs.Sum(run => run.StreamsElsewhere),
            Gates = [.. runs.SelectMany(run => run.Gates)],
        };
        Publish(report);
        return report;
    }

    /// <summary>Whose partitions are looked at, one after the other; a null for those that the tenants share.</summary>
    private async Task<IReadOnlyList<string?>> TenantsAsync(CancellationToken cancellationToken)
    {
        var layouts = await _catalog.ReadLayoutsAsync(cancellationToken);
        if (_options.Tenants.Count > 0 && layouts.Any(layout => layout.Tenant is null))
            throw new UnsupportedStoreException(
                _schemaName,
                "its tenants share the partitions, so that none can have a retention of its own; a rule can give the "
                + "streams of a tenant an age of their own");
        return
        [
            .. layouts.Select(layout => layout.Tenant)
                .Where(tenant =>
                    tenant is null || ((Tenant ?? tenant) == tenant && _options.Of(tenant).RemovesAnything)),
        ];
    }

    /// <summary>
    /// The tenants, the one with an unfinished run first. A run of a tenant that is not among them is ended as it is.
    /// </summary>
    private async Task<IReadOnlyList<string?>> SettleFirstAsync(
        PoliteSession session, IReadOnlyList<string?> tenants, CancellationToken cancellationToken)
    {
        var schema = SqlText.Quote(_schemaName);
        var unfinished = await session.ListAsync(
            $"SELECT tenant FROM {schema}.mt_retention_run WHERE tenant IS NOT NULL AND state NOT IN ('done', " +
            "'abandoned')",
            cancellationToken);
        if (unfinished is not [var first])
            return tenants;
        if (!tenants.Contains(first))
            await session.RunAsync(RetentionSteps.End, $"SELECT {schema}.mt_finish_retention()", cancellationToken);
        return [.. tenants.OrderBy(tenant => tenant != first)];
    }

    private async Task<RetentionVerdict> DecideAsync(
        string? tenant, DateTimeOffset now, CancellationToken cancellationToken) =>
        RetentionPolicy.Decide(_options.Of(tenant), await _catalog.ListSizesAsync(tenant, cancellationToken), now);

    private RetentionArchive? Archive(RetentionOptions options)
    {
        var storage = ArchiveStorage
            ?? (options.ArchiveDirectory is { } folder ? new ArchiveFolder(folder) : null);
        return storage is null
            ? null
            : new RetentionArchive(_dataSource, _schemaName, storage, ArchiveKey, _time, _logger);
    }

    private PoliteSession Open(MaintenanceLock turn) => new(
        turn.Session, _schemaName, _options.LockPatience, _time, _logger)
    {
        Turn = turn,
        Builds = RetentionMerge.UnfinishedIndex,
        Next = "marten-eventing retention apply goes on from here.",
        Progress = step => Progress?.Report(new RetentionProgress(step.Step, step.WaitingFor)),
        Observer = Observer,
    };

    private void Publish(RetentionReport report)
    {
        var tag = MaintenanceMetrics.Tag(_schemaName);
        RetentionMetrics.Duration.Record(report.Duration.TotalSeconds, tag);
        RetentionMetrics.Partitions.Add(report.Expired.Count, tag);
        RetentionMetrics.Events.Add(report.Expired.Sum(p => p.Removed) + report.RemovedElsewhere, tag);
        RetentionMetrics.Streams.Add(report.Expired.Sum(p => p.Streams) + report.StreamsElsewhere, tag);
        foreach (var gate in report.Gates)
        {
            RetentionMetrics.Gates.Add(1, tag, new KeyValuePair<string, object?>("gate", gate.Kind.ToString()));
            LogMessages.RetentionGated(_logger, _schemaName, gate.Partition, gate.Reason, gate.WayOut);
        }
    }
}
