using System.Globalization;
using MartenEventing.Partitioning;
using MartenEventing.Schema;

namespace MartenEventing.Conversion;

/// <summary>The statements of the way shadow. Each may be run again.</summary>
internal static class ShadowSteps
{
    public const string Time = "index for comparing";
    public const string Copy = "copy";
    public const string DualWrite = "dual write";
    public const string Backfill = "backfill";
    public const string Verify = "verify";
    public const string Snapshots = "snapshots";
    public const string Switch = "switch";
    public const string SwitchBack = "switch back";
    public const string Cancel = "end dual write";
    public const string DropCopy = "drop the copy";
    public const string LeavePlain = "leave the plain table";
    public const string DropPlain = "drop the plain table";

    public static string CreateTime(string schema) =>
        $"CREATE INDEX CONCURRENTLY IF NOT EXISTS mt_events_conversion_compare ON {schema}mt_events (timestamp)";

    public static string Create(string schema, ConversionOptions options, DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture,
        $"SELECT {schema}mt_create_shadow('{options.Period.SqlName()}', {options.PeriodsAhead}, ")
        + $"{(options.SplitSince is { } since ? SqlText.Literal(since) : "NULL")}, {SqlText.Literal(now)})";

    public static string Prepare(string schema, bool streamsFirst) => Call(schema, "mt_prepare_shadow", streamsFirst);

    public static string BackfillEvents(string schema, int batch) => string.Create(
        CultureInfo.InvariantCulture, $"SELECT * FROM {schema}mt_backfill_events({batch})");

    public static string Analyze(string schema) => $"ANALYZE {schema}mt_events_shadow";

    public static string SwitchCopies(string schema, bool forward, bool streamsFirst) =>
        $"SELECT {schema}mt_switch_copies({AttachSteps.Bool(forward)}, {AttachSteps.Bool(streamsFirst)})";

    public static string CancelShadow(string schema, bool streamsFirst) =>
        Call(schema, "mt_cancel_shadow", streamsFirst);

    public static string LeavePlainTable(string schema, bool streamsFirst) =>
        Call(schema, "mt_leave_plain", streamsFirst);

    public static string DropTable(string schema, string table) => $"DROP TABLE IF EXISTS {schema}{table}";

    /// <summary>The steps of a start, for people.</summary>
    public static IReadOnlyList<ConversionPlanStep> Describe(string schema, ConversionOptions options)
    {
        var wait = $"at most {options.LockTimeout.TotalMilliseconds:0} ms in the queue, then it steps back";
        const string none = "none that matter";
        return
        [
            new(AttachSteps.Functions, "functions and tables of MartenEventing's own", none, []),
            new(Time, "a B-tree on timestamp, CONCURRENTLY; goes with the plain table", none,
                [CreateTime(schema)]),
            new(Copy, "mt_events_shadow with its partitions, empty", none,
                [Create(schema, options, DateTimeOffset.UtcNow)]),
            new(DualWrite, "the guard, and triggers that write each change to both",
                $"ACCESS EXCLUSIVE on mt_events and mt_streams for some milliseconds; {wait}",
                [Prepare(schema, false)]),
            new(AttachSteps.Settle, "look at all streams, in batches: their version, and when their events are from",
                none, [AttachSteps.SettleStreams(schema, 1000)]),
            new(Backfill, "copy all events written before, in batches",
                $"the rows of a batch against UPDATE and DELETE, for some {options.BatchPause.TotalMilliseconds:0} ms",
                [BackfillEvents(schema, options.BatchSize)]),
            new(AttachSteps.Analyze, "statistics of the copy", none, [Analyze(schema)]),
            new(Verify, "compare each partition with the plain table, by count and hash", none,
                [$"SELECT p.name, c.* FROM {schema}mt_shadow_partitions() p, {schema}mt_compare_partition(p.leaf) c"]),
            new(AttachSteps.Sequence, "the sequence belongs to no table until complete",
                $"the sequence, for a moment; {wait}", [AttachSteps.FreeSequence(schema)]),
            new(Snapshots, "wait until nobody reads by a snapshot from before the copy was whole", none, []),
            new(Switch, "mt_events becomes mt_events_plain, mt_events_shadow becomes mt_events; dual write turns round",
                "ACCESS EXCLUSIVE on mt_events, its copy and mt_streams, whatever the size for less than 200 ms as a "
                + "rule; "
                + wait,
                [SwitchCopies(schema, true, false)]),
        ];
    }

    private static string Call(string schema, string function, bool streamsFirst) =>
        $"SELECT {schema}{function}({AttachSteps.Bool(streamsFirst)})";
}
