using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MartenEventing.Conversion;

/// <summary>
/// Makes a live plain store partitioned, and a partitioned one plain again, without stopping a writer. Each call goes
/// on where a former one, of whatever process, was interrupted; called again when all is done it does nothing.
/// </summary>
public sealed class StoreConversion
{
    private readonly NpgsqlDataSource _dataSource;
    private readonly string _schemaName;
    private readonly ConversionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Prepares; nothing is read or changed yet.</summary>
    /// <param name="dataSource">The database. A pooler in front of it must keep sessions together.</param>
    /// <param name="schemaName">The schema of the store.</param>
    /// <param name="options">Default: those of <see cref="ConversionOptions"/>.</param>
    /// <param name="time">Default: the system's clock.</param>
    /// <param name="logger">Default: none.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public StoreConversion(
        NpgsqlDataSource dataSource,
        string schemaName = "public",
        ConversionOptions? options = null,
        TimeProvider? time = null,
        ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentException.ThrowIfNullOrEmpty(schemaName);
        _dataSource = dataSource;
        _schemaName = schemaName;
        _options = (options ?? new ConversionOptions()).Validated();
        _time = time ?? TimeProvider.System;
        _logger = logger ?? NullLogger.Instance;
    }

    /// <summary>Is told how it goes on. Default null.</summary>
    public IProgress<ConversionProgress>? Progress { get; init; }

    internal Func<string, StepMoment, Task>? Observer { get; init; }

    private ConversionPlanner Planner => new(_schemaName, _options, _time, Migrator);

    /// <summary>What <see cref="StartAsync"/> would do now, and what stands in the way. Changes nothing.</summary>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    /// <exception cref="UnsupportedStoreException">It is partitioned otherwise, or by tenant.</exception>
    /// <exception cref="ConversionStateException">
    /// A way back is under way, or it is partitioned already, and nothing is left of a conversion.
    /// </exception>
    public async Task<ConversionPlan> PlanAsync(CancellationToken cancellationToken = default)
    {
        var shape = await ShapeAsync(cancellationToken);
        var entry = await EntryAsync(cancellationToken);
        RequireNotReturning(entry);
        if (shape.Layout == StoreLayout.Partitioned && !IsToBeEnded(entry))
            throw new ConversionStateException(_schemaName, entry.State, "the store is partitioned already.");
        await using var pinned = await PinnedConnection.ReadAsync(_dataSource, cancellationToken);
        var steps = await Planner.StartAsync(pinned.Connection, shape, entry, cancellationToken);
        if (shape.Layout == StoreLayout.Plain)
            steps = [Functions(shape), .. steps];
        var survey = new ConversionSurvey(pinned.Connection, _schemaName, Planner.OptionsOf(entry));
        return await survey.PlanAsync(shape.Layout, entry, steps, _time.GetUtcNow(), cancellationToken);
    }

    /// <summary>The steps of <see cref="SplitAsync"/>; none when the head is empty. Changes nothing.</summary>
    /// <inheritdoc cref="SplitAsync"/>
    public async Task<IReadOnlyList<ConversionPlanStep>> PlanSplitAsync(CancellationToken cancellationToken = default)
    {
        await RequirePartitionedAsync(cancellationToken);
        await using var pinned = await PinnedConnection.ReadAsync(_dataSource, cancellationToken);
        return ForPeople(await Planner.SplitAsync(pinned.Connection, cancellationToken));
    }

    /// <summary>The steps of <see cref="CompleteAsync"/>. Changes nothing.</summary>
    /// <inheritdoc cref="CompleteAsync"/>
    public async Task<IReadOnlyList<ConversionPlanStep>> PlanCompleteAsync(
        CancellationToken cancellationToken = default)
    {
        var shape = await RequirePartitionedAsync(cancellationToken);
        var entry = await EntryAsync(cancellationToken);
        return ForPeople([.. entry.HasTwoCopies ? [Functions(shape)] : Nothing, .. Planner.Complete(entry)]);
    }

    /// <summary>The steps of <see cref="RollbackAsync"/>; none for a plain store. Changes nothing.</summary>
    /// <inheritdoc cref="RollbackAsync"/>
    public async Task<IReadOnlyList<ConversionPlanStep>> PlanRollbackAsync(
        CancellationToken cancellationToken = default)
    {
        var shape = await ShapeAsync(cancellationToken);
        var entry = await EntryAsync(cancellationToken);
        RequireToTakeBack(shape, entry);
        return await PlanReturnAsync(shape, entry, cancellationToken);
    }

    /// <summary>The steps of <see cref="RevertAsync"/>; none for a plain store. Changes nothing.</summary>
    /// <inheritdoc cref="RevertAsync"/>
    public async Task<IReadOnlyList<ConversionPlanStep>> PlanRevertAsync(CancellationToken cancellationToken = default)
    {
        var shape = await ShapeAsync(cancellationToken);
        return await PlanReturnAsync(shape, await EntryAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Where the conversion stands. Changes nothing.</summary>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    /// <exception cref="UnsupportedStoreException">It is partitioned otherwise, or by tenant.</exception>
    public async Task<ConversionStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        var shape = await ShapeAsync(cancellationToken);
        await using var pinned = await PinnedConnection.ReadAsync(_dataSource, cancellationToken);
        var connection = pinned.Connection;
        return await ConversionRecord.ReadStatusAsync(connection, shape, cancellationToken);
    }

    /// <summary>
    /// Makes a plain store partitioned, up to and including the swap: its table becomes the head, or by the way shadow
    /// gives its place to a copy. Nobody waits longer than the lock timeout and the swap itself, whatever the size. A
    /// partitioned store is left as it is.
    /// </summary>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    /// <exception cref="UnsupportedStoreException">It is partitioned otherwise, or by tenant.</exception>
    /// <exception cref="ConversionRefusedException">Something stands in the way.</exception>
    /// <exception cref="ConversionBusyException">Another process is at it.</exception>
    /// <exception cref="ConversionDifferenceException">The copy is not like the table (shadow).</exception>
    /// <exception cref="ConversionStateException">A way back is under way, or the table has been altered.</exception>
    /// <exception cref="GaveUpWaitingException">Locks were not to be had in the time allowed.</exception>
    /// <exception cref="SessionNotKeptException">A pooler in between keeps no sessions.</exception>
    public async Task<ConversionStatus> StartAsync(CancellationToken cancellationToken = default)
    {
        var shape = await ShapeAsync(cancellationToken);
        var entry = await EntryAsync(cancellationToken);
        RequireNotReturning(entry);
        if (shape.Layout == StoreLayout.Plain)
        {
            var plan = await PlanAsync(cancellationToken);
            if (!plan.IsPossible)
                throw new ConversionRefusedException(_schemaName, [.. plan.Objections.Where(o => o.Stops)]);
            await ApplyRepeatableAsync(shape, cancellationToken);
        }
        else if (!IsToBeEnded(entry))
        {
            return await GetStatusAsync(cancellationToken);
        }

        await using var session = await OpenAsync(cancellationToken);
        await RequireUnchangedAsync(shape, entry.State, cancellationToken);
        var steps = await Planner.StartAsync(session.Connection, shape, entry, cancellationToken);
        return await RunAsync(session, steps, cancellationToken);
    }

    /// <summary>
    /// Goes back to the exact plain table there was, from wherever a conversion stands before
    /// <see cref="ConversionState.Completed"/>; a plain store is left as it is.
    /// </summary>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    /// <exception cref="ConversionDifferenceException">
    /// The copy that would go holds other events than the plain table (shadow).
    /// </exception>
    /// <exception cref="ConversionBusyException">Another process is at it.</exception>
    /// <exception cref="ConversionStateException">There is no conversion to take back, or it is completed.</exception>
    /// <exception cref="GaveUpWaitingException">Locks were not to be had in the time allowed.</exception>
    public async Task<ConversionStatus> RollbackAsync(CancellationToken cancellationToken = default)
    {
        var shape = await ShapeAsync(cancellationToken);
        var entry = await EntryAsync(cancellationToken);
        RequireToTakeBack(shape, entry);
        return await ReturnAsync(shape, entry, cancellationToken);
    }

    /// <summary>
    /// Makes any partitioned store plain, converted or made so; what the plain table looked like before is restored
    /// where it is known. A plain store is left as it is.
    /// </summary>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    /// <exception cref="ConversionBusyException">Another process is at it.</exception>
    /// <exception cref="GaveUpWaitingException">Locks were not to be had in the time allowed.</exception>
    public async Task<ConversionStatus> RevertAsync(CancellationToken cancellationToken = default)
    {
        var shape = await ShapeAsync(cancellationToken);
        return await ReturnAsync(shape, await EntryAsync(cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Cuts the head into periods, from its upper end downwards, in small batches that leave others most of the time.
    /// May be stopped at any moment, and goes on with the next call.
    /// </summary>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    /// <exception cref="ConversionBusyException">Another process is at it.</exception>
    /// <exception cref="ConversionStateException">The store is plain.</exception>
    /// <exception cref="GaveUpWaitingException">Locks were not to be had in the time allowed.</exception>
    public async Task<ConversionStatus> SplitAsync(CancellationToken cancellationToken = default)
    {
        await RequirePartitionedAsync(cancellationToken);
        await using var session = await OpenAsync(cancellationToken);
        return await RunAsync(
            session, await Planner.SplitAsync(session.Connection, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Removes what only splitting and the way back need, by the way shadow the plain table, and notes that the
    /// conversion is completed.
    /// </summary>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    /// <exception cref="ConversionDifferenceException">
    /// The plain table, which would go, holds other events than the partitions (shadow).
    /// </exception>
    /// <exception cref="ConversionBusyException">Another process is at it.</exception>
    /// <exception cref="ConversionStateException">The store is plain.</exception>
    public async Task<ConversionStatus> CompleteAsync(CancellationToken cancellationToken = default)
    {
        var shape = await RequirePartitionedAsync(cancellationToken);
        if ((await EntryAsync(cancellationToken)).HasTwoCopies)
            await ApplyRepeatableAsync(shape, cancellationToken);
        await using var session = await OpenAsync(cancellationToken);
        return await RunAsync(session, Planner.Complete(await EntryAsync(cancellationToken)), cancellationToken);
    }

    private async Task<ConversionStatus> ReturnAsync(
        StoreShape shape, ConversionEntry entry, CancellationToken cancellationToken)
    {
        if (IsPlain(shape, entry))
            return await GetStatusAsync(cancellationToken);
        if (NeedsFunctionsToReturn(shape, entry))
            await ApplyRepeatableAsync(shape, cancellationToken);
        await using var session = await OpenAsync(cancellationToken);
        await RequireUnchangedAsync(shape, entry.State, cancellationToken);
        var steps = await Planner.ReturnAsync(session.Connection, shape, entry, cancellationToken);
        return await RunAsync(session, steps, cancellationToken);
    }

    private async Task<IReadOnlyList<ConversionPlanStep>> PlanReturnAsync(
        StoreShape shape, ConversionEntry entry, CancellationToken cancellationToken)
    {
        if (IsPlain(shape, entry))
            return [];
        await using var pinned = await PinnedConnection.ReadAsync(_dataSource, cancellationToken);
        var steps = await Planner.ReturnAsync(pinned.Connection, shape, entry, cancellationToken);
        return ForPeople([.. NeedsFunctionsToReturn(shape, entry) ? [Functions(shape)] : Nothing, .. steps]);
    }

    /// <summary>Whether there is nothing to return from.</summary>
    private static bool IsPlain(StoreShape shape, ConversionEntry entry) =>
        shape.Layout == StoreLayout.Plain && !entry.IsUnderWay;

    private static bool NeedsFunctionsToReturn(StoreShape shape, ConversionEntry entry) =>
        shape.Layout == StoreLayout.Partitioned
        || entry is { HasTwoCopies: true, State: not ConversionState.Returning };

    /// <summary>Whether the swap is done, and what comes after it may be left to be done.</summary>
    private static bool IsToBeEnded(ConversionEntry entry) =>
        entry.State is ConversionState.Attached or ConversionState.Switched;

    private void RequireNotReturning(ConversionEntry entry)
    {
        if (entry.State == ConversionState.Returning)
            throw new ConversionStateException(
                _schemaName, entry.State, "the way back is not finished. Finish it: marten-eventing convert rollback.");
    }

    private void RequireToTakeBack(StoreShape shape, ConversionEntry entry)
    {
        if (shape.Layout == StoreLayout.Partitioned && !entry.IsUnderWay)
            throw new ConversionStateException(
                _schemaName, entry.State, "there is no conversion to take back; a completed one, or a store made "
                + "partitioned, becomes plain by: marten-eventing convert revert.");
    }

    /// <summary>Functions and tables of our own, which the steps after it need.</summary>
    private ConversionStep Functions(StoreShape shape) => ConversionStep.Of(
        "functions", "functions and tables of MartenEventing's own",
        [
            $"-- marten-eventing db script --functions --schema '{shape.SchemaName}'"
            + $" --stream-identity {shape.StreamIdentity.ToString().ToLowerInvariant()}"
            + $" --tenancy {shape.Tenancy.ToString().ToLowerInvariant()}",
        ],
        (_, token) => ApplyRepeatableAsync(shape, token));

    private static ConversionStep[] Nothing => [];

    private static IReadOnlyList<ConversionPlanStep> ForPeople(IEnumerable<ConversionStep> steps) =>
        [.. steps.Select(step => step.ForPeople)];

    private async Task<ConversionStatus> RunAsync(
        PoliteSession session, IReadOnlyList<ConversionStep> steps, CancellationToken cancellationToken)
    {
        TimeSpan? swap = null;
        foreach (var step in steps)
        {
            var took = await step.Run(session, cancellationToken);
            swap = step.IsSwap ? took : swap;
        }

        return await GetStatusAsync(cancellationToken) with { SwapDuration = swap };
    }

    private async Task<StoreShape> ShapeAsync(CancellationToken cancellationToken)
    {
        var shape = await StoreShape.ReadAsync(_dataSource, _schemaName, cancellationToken);
        return shape.IsPartitionedByTenant
            ? throw new UnsupportedStoreException(
                _schemaName, "it is partitioned by tenant, and there is no conversion into that layout or out of it")
            : shape;
    }

    /// <summary>Another process may have changed what was read before it was this one's turn.</summary>
    private async Task RequireUnchangedAsync(
        StoreShape shape, ConversionState state, CancellationToken cancellationToken)
    {
        var now = await ShapeAsync(cancellationToken);
        if (now.Layout != shape.Layout || (await EntryAsync(cancellationToken)).State != state)
            throw new ConversionBusyException(_schemaName);
    }

    private async Task<StoreShape> RequirePartitionedAsync(CancellationToken cancellationToken)
    {
        var shape = await ShapeAsync(cancellationToken);
        return shape.Layout == StoreLayout.Partitioned
            ? shape
            : throw new ConversionStateException(
                _schemaName, (await EntryAsync(cancellationToken)).State,
                "the store is plain. Make it partitioned first: marten-eventing convert start.");
    }

    private async Task<ConversionEntry> EntryAsync(CancellationToken cancellationToken)
    {
        await using var pinned = await PinnedConnection.ReadAsync(_dataSource, cancellationToken);
        var connection = pinned.Connection;
        return await ConversionRecord.FindAsync(connection, _schemaName, cancellationToken);
    }

    /// <summary>Brings functions up to date, once it is known that what follows will have a session.</summary>
    private async Task ApplyRepeatableAsync(StoreShape shape, CancellationToken cancellationToken)
    {
        await (await PinnedConnection.OpenAsync(_dataSource, cancellationToken)).DisposeAsync();
        await Migrator(shape, StoreLayout.Partitioned).ApplyRepeatableAsync(cancellationToken);
    }

    private SchemaMigrator Migrator(StoreShape shape, StoreLayout layout) => new(
        _dataSource,
        new SchemaOptions
        {
            SchemaName = _schemaName,
            StreamIdentity = shape.StreamIdentity,
            Tenancy = shape.Tenancy,
            Layout = layout,
            Period = _options.Period,
        },
        _logger);

    /// <exception cref="ConversionBusyException">Another process is at it.</exception>
    private async Task<PoliteSession> OpenAsync(CancellationToken cancellationToken)
    {
        var turn = await MaintenanceLock.TryTakeAsync(_dataSource, _schemaName, cancellationToken)
            ?? throw new ConversionBusyException(_schemaName);
        return new PoliteSession(turn.Session, _schemaName, _options.LockPatience, _time, _logger)
        {
            Turn = turn,
            Builds = ConversionSteps.Indexes,
            Progress = step => Progress?.Report(
                new ConversionProgress(step.Step, step.Done, step.Left, step.TimeLeft, step.WaitingFor)),
            Observer = Observer,
        };
    }
}
