using MartenEventing.Diagnostics;
using MartenEventing.Politeness;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MartenEventing.Schema;

/// <summary>
/// Brings a schema to the state of this library. Any number of instances may start at once: each file is applied once.
/// A store that Marten made is taken over as it is, plain or partitioned.
/// </summary>
public sealed class SchemaMigrator
{
    private static readonly LockPatience PatienceWithLocks = new(
        MigrationHistory.PatienceWithTables, TimeSpan.FromMilliseconds(200)) { Attempts = 9 };

    private readonly NpgsqlDataSource _dataSource;
    private readonly SchemaOptions _options;
    private readonly ILogger _logger;

    /// <summary>Prepares; nothing is read or changed yet.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public SchemaMigrator(NpgsqlDataSource dataSource, SchemaOptions options, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentNullException.ThrowIfNull(options);
        _dataSource = dataSource;
        _options = options.Validated();
        _logger = logger ?? NullLogger.Instance;
    }

    /// <summary>Is told whom it waits for, while it does. Default null.</summary>
    public IProgress<string>? Waiting { get; init; }

    /// <summary>How long other migrators are waited for; for tests.</summary>
    internal TimeSpan Patience { get; init; } = MigrationHistory.PatienceWithMigrators;

    /// <summary>
    /// The whole schema as one SQL script, valid in psql and elsewhere; it may be run again and notes what it did.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static string Script(SchemaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return SchemaScript.Write(options.Validated(), _ => true);
    }

    /// <summary>
    /// Functions, tables of our own and views as one SQL script: nothing that touches events or streams. What a plain
    /// store needs before it is converted by psql.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static string FunctionsScript(SchemaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return SchemaScript.Write(options.Validated(), file => file.Kind == MigrationKind.Repeatable);
    }

    /// <summary>
    /// Applies what is pending: functions in one transaction, each versioned file in its own, views in one. Waits for
    /// other migrators, ten minutes at most; gives way to readers and writers by a lock timeout of five seconds and
    /// tries again eight times.
    /// </summary>
    /// <exception cref="MigrationChangedException">A versioned file differs from what was applied.</exception>
    /// <exception cref="StoreMismatchException">The store has another identity, tenancy or layout than
    /// asked.</exception>
    /// <exception cref="StoreHoldsEventsException">A plain store with events was to become partitioned.</exception>
    /// <exception cref="UnsupportedStoreException">The store is of a kind that is not supported.</exception>
    /// <exception cref="GaveUpWaitingException">A lock was not to be had in that time.</exception>
    /// <exception cref="PostgresException">A statement failed.</exception>
    public Task<MigrationReport> ApplyAsync(CancellationToken cancellationToken = default) =>
        ApplyAsync(Migration.StepsOf(_options), cancellationToken);

    /// <summary>Applies functions, tables of our own and views only: nothing that touches events or streams.</summary>
    internal Task<MigrationReport> ApplyRepeatableAsync(CancellationToken cancellationToken) => ApplyAsync(
        [.. Migration.StepsOf(_options).Where(step => step.All(file => file.Kind == MigrationKind.Repeatable))],
        cancellationToken);

    /// <summary>What <see cref="NoteLayoutAsync"/> runs.</summary>
    internal IReadOnlyList<string> LayoutNotes
    {
        get
        {
            var ofLayout = Migration.StepsOf(_options).SelectMany(step => step).ToList();
            var all = Migration.StepsOf(_options with { Layout = StoreLayout.Partitioned }).SelectMany(step => step);
            return
            [
                .. all.Where(file => file.Kind == MigrationKind.Versioned).Select(
                    file => ofLayout.Contains(file) ? MigrationHistory.Note(file, _options)
                        : MigrationHistory.Forget(file, _options)),
            ];
        }
    }

    /// <summary>What <see cref="RemoveAsync"/> runs, for psql.</summary>
    internal string Removal =>
        $"""
         DO $$
         DECLARE
             items text[] := ARRAY({SchemaRemoval.Statements(_options)});
             item  text;
         BEGIN
             FOREACH item IN ARRAY items LOOP
                 EXECUTE item;
             END LOOP;
         EXCEPTION WHEN dependent_objects_still_exist THEN
             NULL;  -- something of yours needs it: all of it stays
         END $$
         """;

    /// <summary>
    /// Lets the history tell of the versioned files of the layout in the options, and of no others, without running
    /// any: the store has become of that layout in another way.
    /// </summary>
    internal async Task NoteLayoutAsync(CancellationToken cancellationToken)
    {
        await using var pinned = await PinnedConnection.OpenForTransactionsAsync(_dataSource, cancellationToken);
        var history = History(pinned);
        await using var transaction = await history.BeginAsync(cancellationToken);
        foreach (var statement in LayoutNotes)
            await history.ExecuteAsync(statement, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Takes out of a plain store all that a conversion has brought to it. False when there is nothing that a
    /// conversion has brought, or something depends on it; all is left as it is then.
    /// </summary>
    /// <param name="connection">The connection that holds the right to maintain the store.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal Task<bool> RemoveAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        new SchemaRemoval(connection, _options).RunAsync(cancellationToken);

    private async Task<MigrationReport> ApplyAsync(
        IEnumerable<IReadOnlyList<Migration>> steps, CancellationToken cancellationToken)
    {
        await using var pinned = await PinnedConnection.OpenForTransactionsAsync(_dataSource, cancellationToken);
        var applied = new List<string>();
        foreach (var step in steps)
        {
            var (done, unknown) = await WhileLockedAsync(
                pinned, (history, token) => ApplyAsync(pinned.Connection, history, step, token), cancellationToken);
            if (unknown.Count > 0)
            {
                LogMessages.DatabaseIsNewer(_logger, _options.SchemaName, unknown[^1]);
                return new MigrationReport(applied, unknown);
            }

            applied.AddRange(done);
        }

        await WhileLockedAsync(pinned, SettleAsync, cancellationToken);
        return new MigrationReport(applied, []);
    }

    private static async Task<bool> SettleAsync(MigrationHistory history, CancellationToken cancellationToken)
    {
        await using var transaction = await history.BeginAsync(cancellationToken);
        await history.SettleAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private MigrationHistory History(PinnedConnection pinned) => new(pinned.Connection, _options)
    {
        Watched = pinned, Waiting = holders => Waiting?.Report($"waits for {holders}"), Patience = Patience,
    };

    /// <summary>
    /// Runs a transaction again and again until it gets its locks, or gives up and says who had them.
    /// </summary>
    private async Task<T> WhileLockedAsync<T>(
        PinnedConnection pinned, Func<MigrationHistory, CancellationToken, Task<T>> run,
        CancellationToken cancellationToken)
    {
        var history = History(pinned);
        var retry = new LockRetry(PatienceWithLocks, TimeProvider.System);
        return await retry.RunAsync(
            $"A lock on the tables of schema \"{_options.SchemaName}\" was not to be had",
            async (_, token) =>
            {
                try
                {
                    return await run(history, token);
                }
                finally
                {
                    retry.HeldBy = history.HeldBy;
                }
            },
            cancellationToken, next: "The next call goes on from here: marten-eventing db apply.");
    }

    /// <summary>What <see cref="ApplyAsync(CancellationToken)"/> would run, in order. Changes nothing.</summary>
    /// <exception cref="MigrationChangedException">A versioned file differs from what was applied.</exception>
    /// <exception cref="StoreMismatchException">The store has another identity, tenancy or layout than
    /// asked.</exception>
    /// <exception cref="UnsupportedStoreException">The store is of a kind that is not supported.</exception>
    public async Task<IReadOnlyList<PlannedMigration>> PlanAsync(CancellationToken cancellationToken = default)
    {
        await using var pinned = await PinnedConnection.ReadAsync(_dataSource, cancellationToken);
        var connection = pinned.Connection;
        var known = await new MigrationHistory(connection, _options).ReadAsync(cancellationToken);
        var expected = new HistoryCheck(_options, known);
        if (expected.Unknown().Count > 0)
            return [];
        expected.RequireUnchanged();
        var found = await StoreShape.FindAsync(connection, _options.SchemaName, cancellationToken);
        expected.RequireShape(found);
        return [.. Migration.StepsOf(_options).SelectMany(step => step).Where(expected.IsDue)
            .Where(file => !HistoryCheck.IsTakenOver(file, found))
            .Select(file => new PlannedMigration(file.Name, file.Kind, SqlFiles.Fill(file.Text, _options)))];
    }

    /// <summary>Compares the schema with this library. Changes nothing.</summary>
    /// <exception cref="UnsupportedStoreException">The store is of a kind that is not supported.</exception>
    public async Task<SchemaStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        await using var pinned = await PinnedConnection.ReadAsync(_dataSource, cancellationToken);
        var connection = pinned.Connection;
        return await new SchemaInspection(connection, _options).ReadAsync(cancellationToken);
    }

    private async Task<MigrationReport> ApplyAsync(
        NpgsqlConnection connection, MigrationHistory history, IReadOnlyList<Migration> step,
        CancellationToken cancellationToken)
    {
        var done = new List<string>();
        await using var transaction = await history.BeginAsync(cancellationToken);
        await history.CreateAsync(cancellationToken);
        var known = await history.ReadAsync(cancellationToken);
        var expected = new HistoryCheck(_options, known);
        if (expected.Unknown() is { Count: > 0 } unknown)
            return new MigrationReport([], unknown);

        expected.RequireUnchanged();
        var found = await StoreShape.FindAsync(connection, _options.SchemaName, cancellationToken);
        expected.RequireShape(found);
        foreach (var migration in step.Where(expected.IsDue))
        {
            if (HistoryCheck.IsTakenOver(migration, found))
            {
                await history.NoteAsync(migration, cancellationToken);
                continue;
            }

            await RunAsync(history, migration, cancellationToken);
            done.Add(migration.Name);
        }

        if (done.Count > 0)
            await history.RefuseStrangersAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        foreach (var name in done)
            LogMessages.MigrationApplied(_logger, name, _options.SchemaName);
        return new MigrationReport(done, []);
    }

    private async Task RunAsync(MigrationHistory history, Migration migration, CancellationToken cancellationToken)
    {
        try
        {
            await history.ApplyAsync(migration, cancellationToken);
        }
        catch (PostgresException error)
            when (migration.SetsUpPartitions && error.SqlState == PostgresErrorCodes.ObjectNotInPrerequisiteState)
        {
            throw new StoreHoldsEventsException(_options.SchemaName, error);
        }
    }
}
