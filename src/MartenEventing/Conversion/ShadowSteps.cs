using System.Globalization;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Schema;

namespace MartenEventing.Conversion;

/// <summary>The steps of the way shadow, forth, to its end, and back while the plain table is complete.</summary>
internal sealed class ShadowSteps(string schema, ConversionOptions options, TimeProvider time)
    : ConversionSteps(schema, options, time)
{
    public const string TimeIndex = "index for comparing";
    public const string Copy = "copy";
    public const string DualWrite = "dual write";
    public const string Columns = "columns";
    public const string Backfill = "backfill";
    public const string Verify = "verify";
    public const string Snapshots = "snapshots";
    public const string Switch = "switch";
    public const string SwitchBack = "switch back";
    public const string Cancel = "end dual write";
    public const string DropCopy = "drop the copy";
    public const string LeavePlain = "leave the plain table";
    public const string DropPlain = "drop the plain table";

    private const string BothForMilliseconds = "ACCESS EXCLUSIVE on mt_events and mt_streams for some milliseconds";
    private const string AllForMilliseconds =
        "ACCESS EXCLUSIVE on mt_events, its copy and mt_streams, whatever the size for less than 200 ms as a rule";

    /// <summary>From where it stands up to and including the switch.</summary>
    public IReadOnlyList<ConversionStep> Start(ConversionState state) => state switch
    {
        ConversionState.Switched => [],
        ConversionState.Verified => [.. VerifyAndSwitch()],
        ConversionState.Backfilling => [.. BackfillAll(), .. VerifyAndSwitch()],
        _ => [.. Prepare(), .. BackfillAll(), .. VerifyAndSwitch()],
    };

    /// <summary>Leaves the plain table alone, under its name; all ways back end with what is left to be done.</summary>
    public IEnumerable<ConversionStep> GoBack(ConversionState state)
    {
        if (state != ConversionState.Returning && !Options.AcceptDifferences)
            yield return CompareBeforeDrop(state, "rollback", "the plain table");
        if (state == ConversionState.Switched)
            yield return Locking(
                SwitchBack, "mt_events_plain becomes mt_events again", AllForMilliseconds,
                streamsFirst => SwitchCopies(false, streamsFirst)) with { IsSwap = true };
        else if (state != ConversionState.Returning)
            yield return Locking(
                Cancel, "dual write and the guard go", BothForMilliseconds,
                streamsFirst => Call("mt_cancel_shadow", streamsFirst));
        yield return DropTable(DropCopy, "mt_events_shadow");
    }

    /// <summary>Ends dual write for good and drops the plain table.</summary>
    public IEnumerable<ConversionStep> Complete(ConversionState state)
    {
        if (state == ConversionState.Switched)
        {
            if (!Options.AcceptDifferences)
                yield return CompareBeforeDrop(state, "complete", "mt_events");
            yield return Locking(
                LeavePlain, "dual write ends", BothForMilliseconds,
                streamsFirst => Call("mt_leave_plain", streamsFirst));
        }

        yield return DropTable(DropPlain, "mt_events_plain");
        yield return OwnSequence;
    }

    private IEnumerable<ConversionStep> Prepare() =>
    [
        Note("a conversion begins", ConversionRecord.Begin(Schema, Options)),
        DropIndexes(),
        Statement(TimeIndex, "a B-tree on timestamp, CONCURRENTLY; goes with the plain table",
            $"CREATE INDEX CONCURRENTLY IF NOT EXISTS mt_events_conversion_compare ON {Schema}mt_events (timestamp)"),
        Locking(Copy, "mt_events_shadow with its partitions, empty", "nothing that others need", _ => Create(),
            harmless: true),
        Locking(DualWrite, "the guard, and triggers that write each change to both", BothForMilliseconds,
            streamsFirst => Call("mt_prepare_shadow", streamsFirst)),
        SettleStreams,
        Note("how many events there are, by the server's estimate", ConversionRecord.Expect(Schema)),
        Note("the copy is being filled", ConversionRecord.Move(Schema, "preparing", "backfilling")),
    ];

    private IEnumerable<ConversionStep> BackfillAll() =>
    [
        ConversionStep.Of(Columns, "the plain table has not been altered since the copy was made",
            [SqlText.Refuse(
                $"SELECT FROM {Schema}mt_shadow_differences()", "mt_events has been altered since its copy was made")],
            (session, token) => new Verification(session, Time).RequireUnalteredAsync(token)),
        Batches(Backfill, "copy all events written before, in batches",
            $"the rows of a batch against UPDATE and DELETE, for some {Options.BatchPause.TotalMilliseconds:0} ms",
            batch => string.Create(
                CultureInfo.InvariantCulture, $"SELECT * FROM {Schema}mt_backfill_events({batch})"),
            "copied_to",
            $"SELECT greatest(expected - copied, 0) FROM {Schema}mt_conversion WHERE state = 'backfilling'",
            harmless: true),
        AnalyzeTable("mt_events_shadow"),
    ];

    private IEnumerable<ConversionStep> VerifyAndSwitch() =>
    [
        ConversionStep.Of(Verify, "compare each partition with the plain table, by count and hash",
            [Compare("mt_compare_partition")],
            (session, token) => new Verification(session, Time).BeforeSwitchAsync(token)),
        Note("the copy is verified", ConversionRecord.Move(Schema, "backfilling", "verified")),
        FreeSequence,
        ConversionStep.Of(Snapshots, "wait until nobody reads by a snapshot from before the copy was whole",
            [Holders.WaitForSnapshots],
            (session, token) => session.WaitForSnapshotsAsync(Snapshots, token)),
        Locking(Switch,
            "mt_events becomes mt_events_plain, mt_events_shadow becomes mt_events; dual write turns round",
            AllForMilliseconds, streamsFirst => SwitchCopies(true, streamsFirst)) with { IsSwap = true },
    ];

    private ConversionStep CompareBeforeDrop(ConversionState state, string verb, string kept) => ConversionStep.Of(
        Verify, "compare each partition with the plain table, by count and hash",
        [Compare(state == ConversionState.Switched ? "mt_compare_partition" : "mt_compare_copied")],
        (session, token) => new Verification(session, Time).BeforeDropAsync(state, verb, kept, token));

    private string Compare(string function) => SqlText.Refuse(
        $"""
         SELECT FROM {Schema}mt_shadow_partitions() p, {Schema}{function}(p.leaf) c
          WHERE (c.plain_count, c.plain_hash) IS DISTINCT FROM (c.copy_count, c.copy_hash)
         """, $"the copies differ: SELECT p.name, c.* FROM mt_shadow_partitions() p, {function}(p.leaf) c");

    private string Create() => string.Create(
        CultureInfo.InvariantCulture,
        $"SELECT {Schema}mt_create_shadow('{Options.Period.SqlName()}', {Options.PeriodsAhead}, ")
        + (Options.SplitSince is { } since ? SqlText.Literal(since) : "NULL")
        + $", {SqlText.Literal(Time.GetUtcNow())})";

    private string SwitchCopies(bool forward, bool streamsFirst) =>
        $"SELECT {Schema}mt_switch_copies({SqlText.Literal(forward)}, {SqlText.Literal(streamsFirst)})";

    private ConversionStep DropTable(string name, string table) => Locking(
        name, $"drop {table}", $"ACCESS EXCLUSIVE on {table}", _ => $"DROP TABLE IF EXISTS {Schema}{table}");

    private string Call(string function, bool streamsFirst) =>
        $"SELECT {Schema}{function}({SqlText.Literal(streamsFirst)})";
}
