using System.Globalization;
using MartenEventing.Schema;

namespace MartenEventing.Partitioning;

/// <summary>Decides what maintenance has to do. Touches nothing: the same input gives the same plan.</summary>
public static class PartitionPolicy
{
    private const int FirstVersionWithAnalyzeOnly = 18;
    private const int MostPastPeriods = 240;

    /// <summary>The plan for a layout at an instant.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static PartitionPlan Plan(PartitionLayout layout, PartitionOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(options);
        options.Validated();
        var schema = SqlText.Quote(layout.SchemaName);
        List<PartitionStep> steps =
        [
            .. layout.Partitions.Where(p => p.DetachPending).Select(p => FinalizeDetach(schema, layout.Table, p)),
            .. Provision(schema, layout, options, now),
            .. RollUpPolicy.Plan(layout, options, now),
            .. layout.Partitions.Where(p => IsDue(p, options, now)).Select(p => Seal(schema, p)),
        ];
        if (layout.LastAnalyzed is null || now - layout.LastAnalyzed >= options.AnalyzeInterval)
            steps.Add(Analyze(schema, layout.Table, layout.ServerVersion));
        return new PartitionPlan(
            now, [.. steps.Select(step => step with { Tenant = layout.Tenant })],
            [.. Remarks(layout), .. Crowd(layout, options, now)]);
    }

    /// <summary>
    /// The part of a plan that makes partitions: those ahead and, where an instant is given, those back to its period.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static PartitionPlan PlanPartitions(
        PartitionLayout layout, PartitionOptions options, DateTimeOffset now, DateTimeOffset? since = null)
    {
        var whole = Plan(layout, options, now);
        var steps = whole.Steps.Where(s => s.Kind is PartitionStepKind.FinalizeDetach or PartitionStepKind.Provision);
        if (since is not { } at)
            return whole with { Steps = [.. steps] };
        steps = steps.Concat(ProvisionHistory(SqlText.Quote(layout.SchemaName), layout, options, at)
            .Select(step => step with { Tenant = layout.Tenant }));
        return whole with { Steps = [.. steps],
            Remarks = [.. whole.Remarks, .. Crowd(layout, HistoryOf(layout, options, at))] };
    }

    /// <summary>The part of a plan that rolls partitions up.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static PartitionPlan PlanRollUp(PartitionLayout layout, PartitionOptions options, DateTimeOffset now)
    {
        var whole = Plan(layout, options, now);
        return whole with
        {
            Steps = [.. whole.Steps.Where(s => s.Kind is PartitionStepKind.FinalizeDetach or PartitionStepKind.RollUp)],
        };
    }

    private static PartitionStep FinalizeDetach(string schema, string table, Partition partition) => new(
        PartitionStepKind.FinalizeDetach,
        partition.Name,
        $"{partition.Name}: finish its interrupted detaching; it becomes a table of its own",
        [new($"ALTER TABLE {schema}.{table} DETACH PARTITION {schema}.{SqlText.Quote(partition.Name)} FINALIZE")]);

    private static IEnumerable<PartitionStep> Provision(
        string schema, PartitionLayout layout, PartitionOptions options, DateTimeOffset now)
    {
        var period = options.Period ?? layout.Period;
        var tail = layout.Partitions.FirstOrDefault(p => p.Kind == PartitionKind.Tail);
        var starts = AheadOf(layout, options, now);
        if (tail is null || starts.Count == 0)
            yield break;

        var names = PartitionCalendar.NameOf(starts[0], period, layout.Table)
            + (starts.Count > 1 ? $" to {PartitionCalendar.NameOf(starts[^1], period, layout.Table)}" : "");
        yield return new PartitionStep(
            PartitionStepKind.Provision,
            tail.Name,
            $"{tail.Name}: cut {names} out of it ({starts.Count}); it then begins at "
                + $"{PartitionCalendar.Add(starts[^1], period, 1):yyyy-MM-dd}",
            [new($"SELECT {schema}.mt_provision_partitions("
                + $"'{period.SqlName()}', {options.PeriodsAhead}, {Literal(now)})")]);
    }

    /// <summary>The starts of the periods that are still to be cut from the tail.</summary>
    private static List<DateTimeOffset> AheadOf(PartitionLayout layout, PartitionOptions options, DateTimeOffset now)
    {
        var period = options.Period ?? layout.Period;
        var horizon = PartitionCalendar.Add(PartitionCalendar.StartOf(now, period), period, options.PeriodsAhead + 1);
        return layout.Partitions.FirstOrDefault(p => p.Kind == PartitionKind.Tail)?.From is { } last && last < horizon
            ? [.. PartitionCalendar.Starts(last, horizon, period)]
            : [];
    }

    /// <summary>How many periods from an instant on are still to be cut from the head, in one call.</summary>
    private static int HistoryOf(PartitionLayout layout, PartitionOptions options, DateTimeOffset since)
    {
        var period = options.Period ?? layout.Period;
        var start = PartitionCalendar.StartOf(since, period);
        return layout.Partitions.FirstOrDefault(p => p.Kind == PartitionKind.Head)?.To is { } first && start < first
            ? Math.Min(PartitionCalendar.Starts(start, first, period).Count(), MostPastPeriods)
            : 0;
    }

    /// <summary>Says before what the server will refuse, and what it may not bear already.</summary>
    private static IEnumerable<string> Crowd(PartitionLayout layout, PartitionOptions options, DateTimeOffset now) =>
        layout.LockSpace is { IsTight: true } tight
            ? [tight.Describe(layout.Table)]
            : Crowd(layout, AheadOf(layout, options, now).Count);

    private static IEnumerable<string> Crowd(PartitionLayout layout, int more) =>
        more > 0 && layout.LockSpace is { IsTight: false } space && space.IsTightWith(more)
            ? [$"the new partitions will be refused: {space.Describe(layout.Table, more)}"]
            : [];

    private static IEnumerable<PartitionStep> ProvisionHistory(
        string schema, PartitionLayout layout, PartitionOptions options, DateTimeOffset since)
    {
        var period = options.Period ?? layout.Period;
        var start = PartitionCalendar.StartOf(since, period);
        var head = layout.Partitions.FirstOrDefault(p => p.Kind == PartitionKind.Head);
        if (head?.To is not { } first || start >= first)
            yield break;

        var count = PartitionCalendar.Starts(start, first, period).Count();
        yield return new PartitionStep(
            PartitionStepKind.ProvisionHistory,
            head.Name,
            $"{head.Name}: cut the time from {start:yyyy-MM-dd} on out of it ({count}, at most 240 a call)",
            [new($"SELECT {schema}.mt_provision_history('{period.SqlName()}', {Literal(start)})")]);
    }

    private static bool IsDue(Partition partition, PartitionOptions options, DateTimeOffset now) =>
        partition.Kind is PartitionKind.Head or PartitionKind.Period or PartitionKind.Wide
        && partition is { DetachPending: false, Seal: not PartitionSeal.Sealed }
        && partition.To + options.SealGrace <= now;

    private static PartitionStep Seal(string schema, Partition partition)
    {
        var table = $"{schema}.{SqlText.Quote(partition.Name)}";
        List<PartitionStatement> statements =
        [
            new($"VACUUM (FREEZE, ANALYZE) {table}", InTransaction: false),
            new($"ALTER TABLE {table} VALIDATE CONSTRAINT mt_sealed"),
        ];
        if (partition.Seal != PartitionSeal.Claimed)
            statements.Insert(0, new($"SELECT {schema}.mt_seal_partition('{partition.Name}')"));
        var why = partition.Seal switch
        {
            PartitionSeal.Claimed => "complete its sealing",
            PartitionSeal.Withdrawn => "seal it anew, something was added",
            _ => string.Create(CultureInfo.InvariantCulture, $"seal it, it ended at {partition.To:yyyy-MM-dd}"),
        };
        return new PartitionStep(PartitionStepKind.Seal, partition.Name, $"{partition.Name}: {why}", statements);
    }

    private static PartitionStep Analyze(string schema, string table, int serverVersion)
    {
        var only = serverVersion >= FirstVersionWithAnalyzeOnly ? "ONLY " : "";
        return new PartitionStep(
            PartitionStepKind.Analyze,
            table,
            $"{table}: renew the statistics of all partitions together",
            [new($"ANALYZE {only}{schema}.{table}", InTransaction: false)]);
    }

    private static IEnumerable<string> Remarks(PartitionLayout layout)
    {
        if (layout.Partitions.All(p => p.Kind != PartitionKind.Tail))
            yield return $"{layout.Table} has no tail: later events are refused, and no partition can be made ahead";
        foreach (var partition in layout.Partitions.Where(p => p.Kind == PartitionKind.Other))
            yield return $"{partition.Name} is not a name of ours: left alone";
    }

    private static string Literal(DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"'{at.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}+00'");
}
