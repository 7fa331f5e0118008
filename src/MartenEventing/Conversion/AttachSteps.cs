using System.Globalization;
using MartenEventing.Partitioning;
using MartenEventing.Schema;

namespace MartenEventing.Conversion;

/// <summary>The statements of the way attach. Each may be run again.</summary>
internal static class AttachSteps
{
    public const string Functions = "functions";
    public const string Key = "index on the key";
    public const string Brin = "index on time";
    public const string Time = "index for splitting";
    public const string Guard = "guard";
    public const string Validate = "validate";
    public const string Settle = "streams";
    public const string Swap = "swap";
    public const string Sequence = "sequence";
    public const string Analyze = "statistics";
    public const string Split = "split";

    public static string CreateKey(string schema, string storage) =>
        $"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS mt_events_conversion_key ON {schema}mt_events (seq_id, " +
        $"timestamp){storage}";

    public static string CreateBrin(string schema) =>
        $"CREATE INDEX CONCURRENTLY IF NOT EXISTS mt_events_conversion_brin ON {schema}mt_events "
        + "USING brin (timestamp) WITH (pages_per_range = 32, autosummarize = on)";

    public static string CreateTime(string schema, string table) =>
        $"CREATE INDEX CONCURRENTLY IF NOT EXISTS mt_events_conversion_time ON {schema}{table} (timestamp)";

    public static string Prepare(string schema, bool streamsFirst) =>
        $"SELECT {schema}mt_prepare_conversion({Bool(streamsFirst)})";

    public static string ValidateCheck(string schema) =>
        $"ALTER TABLE {schema}mt_events VALIDATE CONSTRAINT mt_vouched";

    public static string SettleStreams(string schema, int batch) => string.Create(
        CultureInfo.InvariantCulture, $"SELECT {schema}mt_settle_streams({batch})");

    public static string Attach(string schema, ConversionOptions options, DateTimeOffset now, bool streamsFirst) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT {schema}mt_attach_plain('{options.Period.SqlName()}', {options.PeriodsAhead}, ")
        + $"{SqlText.Literal(now)}, {Bool(streamsFirst)})";

    /// <summary>Belonging to a table it would go with it; so during a swap it belongs to none.</summary>
    public static string FreeSequence(string schema) => $"ALTER SEQUENCE {schema}mt_events_sequence OWNED BY NONE";

    public static string OwnSequence(string schema) =>
        $"ALTER SEQUENCE {schema}mt_events_sequence OWNED BY {schema}mt_events.seq_id";

    public static string SplitHead(string schema, ConversionOptions options, int batch, DateTimeOffset floor) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT * FROM {schema}mt_split_head('{options.Period.SqlName()}', {batch}, {SqlText.Literal(floor)})");

    public static string Bool(bool value) => value ? "true" : "false";

    /// <summary>The steps of a start, for people.</summary>
    public static IReadOnlyList<ConversionPlanStep> Describe(
        string schema, ConversionOptions options, string keyStorage)
    {
        var wait = $"at most {options.LockTimeout.TotalMilliseconds:0} ms in the queue, then it steps back";
        return
        [
            new(Functions, "functions and tables of MartenEventing's own", "none that matter", []),
            new(Key, "the later primary key, CONCURRENTLY", "none that matter", [CreateKey(schema, keyStorage)]),
            new(Brin, "a block range index on timestamp, CONCURRENTLY", "none that matter", [CreateBrin(schema)]),
            new(Time, "a B-tree on timestamp, CONCURRENTLY; goes at complete", "none that matter",
                [CreateTime(schema, "mt_events")]),
            new(Guard, "the guard, and a CHECK that refuses nothing",
                $"ACCESS EXCLUSIVE on mt_events and mt_streams for some milliseconds; {wait}",
                [Prepare(schema, false)]),
            new(Validate, "validate that CHECK", "none that matter", [ValidateCheck(schema)]),
            new(Settle, "look at all streams, in batches: their version, and when their events are from",
                "none that matter", [SettleStreams(schema, 1000)]),
            new(Sequence, "the sequence belongs to no table for the moment", $"the sequence, for a moment; {wait}",
                [FreeSequence(schema)]),
            new(Swap, "mt_events becomes mt_events_head, below a new, partitioned mt_events; no row is copied",
                "ACCESS EXCLUSIVE on mt_events, mt_streams and the tag tables, whatever the size for less than 100 ms "
                + $"as a rule; {wait}",
                [Attach(schema, options, DateTimeOffset.UtcNow, false)]),
            new(Sequence, "the sequence belongs to the new table", $"the sequence, for a moment; {wait}",
                [OwnSequence(schema)]),
            new(Analyze, "statistics of the whole", "none that matter", [$"ANALYZE {schema}mt_events"]),
        ];
    }
}
