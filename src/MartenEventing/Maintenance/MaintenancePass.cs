using MartenEventing.Diagnostics;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MartenEventing.Maintenance;

/// <summary>
/// Brings the partitions of a store into the state its options ask for: finishes an interrupted detaching, makes
/// partitions ahead and absorbs a tail that holds events of that time, seals what is over, renews the statistics of the
/// whole. May run anywhere, any time, in any number: one does the work, the others skip. What a crash interrupts, the
/// next pass completes.
/// </summary>
public sealed class MaintenancePass
{
    private readonly NpgsqlDataSource _dataSource;
    private readonly string _schemaName;
    private readonly PartitionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PartitionCatalog _catalog;

    /// <summary>Prepares; nothing is read or changed yet.</summary>
    /// <param name="dataSource">The database. A pooler in front of it must keep sessions together.</param>
    /// <param name="schemaName">The schema of the store.</param>
    /// <param name="options">Default: those of <see cref="PartitionOptions"/>.</param>
    /// <param name="time">Read once a pass. Default: the system's clock.</param>
    /// <param name="logger">Default: none.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public MaintenancePass(
        NpgsqlDataSource dataSource,
        string schemaName,
        PartitionOptions? options = null,
        TimeProvider? time = null,
        ILogger? logger = null)
    {
        _dataSource = dataSource;
        _schemaName = schemaName;
        _options = (options ?? new PartitionOptions()).Validated();
        _time = time ?? TimeProvider.System;
        _logger = logger ?? NullLogger.Instance;
        _catalog = new PartitionCatalog(dataSource, schemaName);
    }

    /// <summary>
    /// The one tenant whose partitions are looked after, in a store where each has its own. Default null: those of all.
    /// </summary>
    public string? Tenant { get; init; }

    internal Func<string, StepMoment, Task>? Observer { get; init; }

    /// <summary>What <see cref="RunAsync(CancellationToken)"/> would do now. Changes nothing.</summary>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    /// <exception cref="StoreNotPartitionedException">The store is plain.</exception>
    public async Task<PartitionPlan> PlanAsync(CancellationToken cancellationToken = default) =>
        await PlanAsync(PartitionPolicy.Plan, cancellationToken);

    /// <summary>What <see cref="EnsureAsync"/> would do now. Changes nothing.</summary>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    /// <exception cref="StoreNotPartitionedException">The store is plain.</exception>
    public async Task<PartitionPlan> PlanEnsureAsync(
        DateTimeOffset? since = null, CancellationToken cancellationToken = default) =>
        await PlanAsync(
            (layout, options, now) => PartitionPolicy.PlanPartitions(layout, options, now, since), cancellationToken);

    /// <summary>
    /// Does what is to be done. A step that gets no lock, or fails, is reported and does not keep the others.
    /// </summary>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    /// <exception cref="StoreNotPartitionedException">The store is plain.</exception>
    /// <exception cref="NpgsqlException">The connection was lost.</exception>
    public Task<MaintenanceReport> RunAsync(CancellationToken cancellationToken = default) =>
        RunAsync(PartitionPolicy.Plan, cancellationToken);

    /// <summary>
    /// Does only the part that makes partitions: those ahead and, where an instant is given, those back to its period.
    /// </summary>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    /// <exception cref="StoreNotPartitionedException">The store is plain.</exception>
    /// <exception cref="NpgsqlException">The connection was lost.</exception>
    public Task<MaintenanceReport> EnsureAsync(
        DateTimeOffset? since = null, CancellationToken cancellationToken = default) =>
        RunAsync(
            (layout, options, now) => PartitionPolicy.PlanPartitions(layout, options, now, since), cancellationToken);

    /// <summary>What <see cref="RollUpAsync"/> would do now. Changes nothing.</summary>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    /// <exception cref="StoreNotPartitionedException">The store is plain.</exception>
    public async Task<PartitionPlan> PlanRollUpAsync(CancellationToken cancellationToken = default) =>
        await PlanAsync(PartitionPolicy.PlanRollUp, cancellationToken);

    /// <summary>
    /// Does only the part that rolls partitions up into those of <see cref="PartitionOptions.RollUpInto"/>, in small
    /// batches: events are visible throughout. What is interrupted, the next call completes.
    /// </summary>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    /// <exception cref="StoreNotPartitionedException">The store is plain.</exception>
    /// <exception cref="NpgsqlException">The connection was lost.</exception>
    public Task<MaintenanceReport> RollUpAsync(CancellationToken cancellationToken = default) =>
        RunAsync(PartitionPolicy.PlanRollUp, cancellationToken);

    private async Task<PartitionPlan> PlanAsync(
        Func<PartitionLayout, PartitionOptions, DateTimeOffset, PartitionPlan> policy,
        CancellationToken cancellationToken)
    {
        var layouts = await _catalog.ReadLayoutsAsync(cancellationToken);
        var now = _time.GetUtcNow();
        return Plan(Chosen(layouts), layout => policy(layout, _options, now), now);
    }

    private static PartitionPlan Plan(
        IEnumerable<PartitionLayout> layouts, Func<PartitionLayout, PartitionPlan> policy, DateTimeOffset now)
    {
        var plans = layouts.Select(policy).ToList();
        return new PartitionPlan(
            now, [.. plans.SelectMany(plan => plan.Steps)], [.. plans.SelectMany(plan => plan.Remarks)]);
    }

    private IEnumerable<PartitionLayout> Chosen(IReadOnlyList<PartitionLayout> layouts) =>
        layouts.Where(layout => Tenant is null || layout.Tenant == Tenant);

    private async Task<MaintenanceReport> RunAsync(
        Func<PartitionLayout, PartitionOptions, DateTimeOffset, PartitionPlan> policy,
        CancellationToken cancellationToken)
    {
        using var activity = EventingDiagnostics.Activities.StartActivity("maintenance");
        activity?.SetTag("schema", _schemaName);
        var now = _time.GetUtcNow();
        var started = _time.GetTimestamp();
        var report = new MaintenanceReport { SchemaName = _schemaName, At = now, Skipped = true };
        await using (var turn = await TakeTurnAsync(cancellationToken))
        {
            if (turn is not null)
            {
                report = await RunAsync(
                    turn.Session, layout => policy(layout, _options, now), report, cancellationToken);
            }
        }

        report = report with { Duration = _time.GetElapsedTime(started) };
        Publish(report);
        return report;
    }

    /// <summary>Plans twice: what an absorbed tail has become is to be sealed by the same pass.</summary>
    private async Task<MaintenanceReport> RunAsync(
        PinnedConnection session,
        Func<PartitionLayout, PartitionPlan> policy,
        MaintenanceReport report,
        CancellationToken cancellationToken)
    {
        var connection = session.Connection;
        var executor = new StepExecutor(session, _schemaName, _options, _time, _logger, Observer);
        var before = await _catalog.ReadLayoutsAsync(connection, cancellationToken);
        var due = Plan(Chosen(before), policy, report.At).Steps;
        var steps = await RunAsync(executor, due.Where(ChangesLayout), cancellationToken);
        var after = await _catalog.ReadLayoutsAsync(connection, cancellationToken);
        var plan = Plan(Chosen(after), policy, report.At);
        steps.AddRange(await RunAsync(executor, plan.Steps.Where(step => !ChangesLayout(step)), cancellationToken));

        var known = Partitions(before).ToDictionary(p => p.Oid, p => p.Kind);
        var changed = Partitions(after).Where(p => p.Kind != PartitionKind.Tail).ToLookup(
            p => known.TryGetValue(p.Oid, out var kind) ? kind : (PartitionKind?)null, p => p.Name);
        return report with
        {
            Skipped = false,
            Steps = steps,
            Created = [.. changed[null]],
            Absorbed = [.. changed[PartitionKind.Tail]],
            Sealed = [.. steps.Where(s => s.Step.Kind == PartitionStepKind.Seal && s.Outcome == StepOutcome.Done)
                .Select(s => s.Step.Target)],
            RolledUp = [.. steps.Where(s => s.Step.Kind == PartitionStepKind.RollUp && s.Outcome == StepOutcome.Done)
                .Select(s => s.Step.Target)],
            Remarks = plan.Remarks,
        };
    }

    private async Task<MaintenanceLock?> TakeTurnAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await MaintenanceLock.TryTakeAsync(_dataSource, _schemaName, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.InvalidSchemaName
            or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedObject)
        {
            await _catalog.ReadLayoutsAsync(cancellationToken);
            throw;
        }
    }

    private IEnumerable<Partition> Partitions(IReadOnlyList<PartitionLayout> layouts) =>
        Chosen(layouts).SelectMany(layout => layout.Partitions);

    private static bool ChangesLayout(PartitionStep step) =>
        step.Kind is PartitionStepKind.FinalizeDetach
            or PartitionStepKind.Provision or PartitionStepKind.ProvisionHistory or PartitionStepKind.RollUp;

    /// <summary>
    /// Runs steps. Once one has given way, those of its kind would meet the same reader: they wait for the next pass.
    /// </summary>
    private static async Task<List<StepReport>> RunAsync(
        StepExecutor executor, IEnumerable<PartitionStep> steps, CancellationToken cancellationToken)
    {
        var reports = new List<StepReport>();
        foreach (var step in steps)
        {
            var postponed = reports.Exists(r => r.Outcome == StepOutcome.GaveWay && r.Step.Kind == step.Kind
                && r.Step.Tenant == step.Tenant);
            reports.Add(postponed
                ? new StepReport(step, StepOutcome.Postponed, TimeSpan.Zero)
                : await executor.ExecuteAsync(step, cancellationToken));
        }

        return reports;
    }

    private void Publish(MaintenanceReport report)
    {
        if (report.Skipped)
        {
            LogMessages.MaintainedElsewhere(_logger, _schemaName);
            return;
        }

        var tag = MaintenanceMetrics.Tag(_schemaName);
        MaintenanceMetrics.Duration.Record(report.Duration.TotalSeconds, tag);
        MaintenanceMetrics.Created.Add(report.Created.Count, tag);
        MaintenanceMetrics.Sealed.Add(report.Sealed.Count, tag);
        if (report.IsIncomplete)
            MaintenanceMetrics.Failures.Add(1, tag);
    }
}
