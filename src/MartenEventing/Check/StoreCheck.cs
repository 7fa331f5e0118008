using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MartenEventing.Check;

/// <summary>
/// Checks a whole store, trusting nothing that triggers have kept: after a restore, a switch by replication, or
/// whatever else wrote past the guard. The check only reads, on a standby too. A repair never removes or changes an
/// event.
/// </summary>
public sealed class StoreCheck
{
    private static readonly LockPatience Patience = new(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(200));

    private readonly NpgsqlDataSource _dataSource;
    private readonly string _schemaName;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Prepares; nothing is read or changed yet.</summary>
    public StoreCheck(
        NpgsqlDataSource dataSource, string schemaName = "public", TimeProvider? time = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentException.ThrowIfNullOrEmpty(schemaName);
        (_dataSource, _schemaName) = (dataSource, schemaName);
        (_time, _logger) = (time ?? TimeProvider.System, logger ?? NullLogger.Instance);
    }

    /// <summary>Called when a check or a step of a repair begins, with its name.</summary>
    public Action<string>? Progress { get; set; }

    /// <summary>
    /// Makes every check, however long it takes: it reads all events, several times. Changes nothing.
    /// </summary>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    /// <exception cref="PostgresException">
    /// SQLSTATE 42883 when the store's functions are older than this library; 42501 when policies would hide rows.
    /// </exception>
    public async Task<CheckReport> CheckAsync(CancellationToken cancellationToken = default)
    {
        var shape = await StoreShape.ReadAsync(_dataSource, _schemaName, cancellationToken);
        var kinds = CheckKind.All.Where(kind => kind.InPlain || shape.Layout == StoreLayout.Partitioned).ToList();
        // What came in past the guard is counted before the look, so that nothing that comes meanwhile passes for seen.
        var found = new Dictionary<string, (long Found, List<string> Examples)>(StringComparer.Ordinal);
        foreach (var function in kinds.Select(kind => kind.Function).Distinct().Reverse())
        {
            Progress?.Invoke(function[3..].Replace('_', ' '));
            await RunAsync(function, found, cancellationToken);
        }

        return new CheckReport
        {
            SchemaName = _schemaName,
            Findings =
            [
                .. from kind in kinds
                   let what = found.GetValueOrDefault(kind.Name, (0, []))
                   select new CheckFinding(
                       kind.Name, what.Found, what.Examples, kind.Meaning, kind.IsFault, kind.Repair, kind.NextStep),
            ],
        };
    }

    /// <summary>What is to be run to mend what was found, as far as it can be mended. Changes nothing.</summary>
    /// <exception cref="RepairRefusedException">A subscription that is enabled writes into the store.</exception>
    public async Task<IReadOnlyList<RepairStep>> PlanRepairAsync(
        CheckReport report, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(report);
        var subscriptions =
            report.Findings.FirstOrDefault(finding => finding.Check == CheckKind.Subscriptions)?.Examples
            .Where(example => example.EndsWith("(enabled)", StringComparison.Ordinal)).ToList() ?? [];
        var plan = await new RepairPlan(_dataSource, _schemaName).OfAsync(report, cancellationToken);
        return plan.Count > 0 && subscriptions.Count > 0
            ? throw RepairRefusedException.Subscribed(_schemaName, subscriptions)
            : plan;
    }

    /// <summary>
    /// Runs a plan, politely: in short transactions that give way to others. Interrupted, the next check and repair go
    /// on.
    /// </summary>
    /// <exception cref="RepairRefusedException">Another process maintains the store.</exception>
    /// <exception cref="PostgresException">A statement failed; 23505 when an index is to be unique over
    /// duplicates.</exception>
    public async Task RepairAsync(IReadOnlyList<RepairStep> plan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var turn = await MaintenanceLock.TryTakeAsync(_dataSource, _schemaName, cancellationToken)
            ?? throw RepairRefusedException.Busy(_schemaName);
        await using var session = new PoliteSession(turn.Session, _schemaName, Patience, _time, _logger)
        {
            Turn = turn,
            Progress = step => Progress?.Invoke(step.Step),
        };
        foreach (var step in plan)
            foreach (var statement in step.Statements)
                await RunAsync(session, step, statement, cancellationToken);
    }

    private async Task RunAsync(
        string function,
        Dictionary<string, (long Found, List<string> Examples)> found,
        CancellationToken cancellationToken)
    {
        await using var pinned = await PinnedConnection.ReadAsync(_dataSource, cancellationToken);
        await using var command = new NpgsqlCommand(
            $"SELECT fault, found, examples FROM {SqlText.Quote(_schemaName)}.{function}()", pinned.Connection)
        {
            CommandTimeout = 0,
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (count, examples) = found.GetValueOrDefault(reader.GetString(0), (0, []));
            examples.AddRange(reader.GetFieldValue<string[]>(2).Take(5 - examples.Count));
            found[reader.GetString(0)] = (count + reader.GetInt64(1), examples);
        }
    }

    private static async Task RunAsync(
        PoliteSession session, RepairStep step, string statement, CancellationToken cancellationToken)
    {
        if (!step.InTransaction)
        {
            await session.RunAsync(step.Check, statement, cancellationToken);
            return;
        }

        object?[] row = [DBNull.Value];
        do
        {
            (row, _) = await session.LockAsync(
                step.Check, _ => statement, step.ByPage ? [row[0] ?? DBNull.Value] : [], cancellationToken,
                harmless: true);
        }
        while (step.ByPage && row[0] is not (null or DBNull));
    }
}
