using System.Globalization;
using MartenEventing.Partitioning;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Conversion;

/// <summary>The steps of the way attach, and those that cut the head into periods.</summary>
internal sealed class AttachSteps(string schema, ConversionOptions options, TimeProvider time)
    : ConversionSteps(schema, options, time)
{
    public const string Key = "index on the key";
    public const string Brin = "index on time";
    public const string TimeIndex = "index for splitting";
    public const string Guard = "guard";
    public const string Validate = "validate";
    public const string Swap = "swap";
    public const string Split = "split";

    /// <summary>From the plain table to the swap; what is left of it where the table has been attached.</summary>
    public IReadOnlyList<ConversionStep> Start(StoreLayout layout, string keyStorage) =>
    [
        .. layout == StoreLayout.Plain ? BeforeAttached(keyStorage) : [],
        OwnSequence,
        AnalyzeTable(),
    ];

    /// <summary>From the head's upper end downwards.</summary>
    /// <param name="floor">The start of the oldest period to be cut.</param>
    public IReadOnlyList<ConversionStep> SplitDownTo(DateTimeOffset floor)
    {
        var from = SqlText.Literal(floor);
        return
        [
            DropIndexes(),
            CreateTimeIndex("mt_events_head"),
            UntilLocksAreScarce(Batches(
                Split, $"cut the head into periods from {floor:yyyy-MM-dd} on, the newest first",
                ForABatch,
                batch => string.Create(
                    CultureInfo.InvariantCulture,
                    $"SELECT * FROM {Schema}mt_split_head('{Options.Period.SqlName()}', {batch}, {from})"),
                "leaf_name", $"SELECT count(*) FROM {Schema}mt_events_head WHERE timestamp >= {from}")),
            AnalyzeTable(),
        ];
    }

    /// <summary>Ends a conversion.</summary>
    public IReadOnlyList<ConversionStep> Complete() =>
    [
        Statement("complete", "drop the index for splitting",
            $"DROP INDEX CONCURRENTLY IF EXISTS {Schema}mt_events_conversion_time"),
        Note("the conversion is completed", ConversionRecord.Move(Schema, "attached", "completed")),
    ];

    private IEnumerable<ConversionStep> BeforeAttached(string keyStorage) =>
    [
        Note("a conversion begins", ConversionRecord.Begin(Schema, Options)),
        DropIndexes(),
        Statement(Key, "the later primary key, CONCURRENTLY",
            $"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS mt_events_conversion_key ON {Schema}mt_events (seq_id, " +
            $"timestamp){keyStorage}"),
        Statement(Brin, "a block range index on timestamp, CONCURRENTLY",
            $"CREATE INDEX CONCURRENTLY IF NOT EXISTS mt_events_conversion_brin ON {Schema}mt_events "
            + "USING brin (timestamp) WITH (pages_per_range = 32, autosummarize = on)"),
        CreateTimeIndex("mt_events"),
        Locking(Guard, "the guard, and a CHECK that refuses nothing",
            "ACCESS EXCLUSIVE on mt_events and mt_streams for some milliseconds",
            streamsFirst => $"SELECT {Schema}mt_prepare_conversion({SqlText.Literal(streamsFirst)})"),
        Statement(Validate, "validate that CHECK", $"ALTER TABLE {Schema}mt_events VALIDATE CONSTRAINT mt_vouched"),
        SettleStreams,
        FreeSequence,
        Locking(Swap, "mt_events becomes mt_events_head, below a new, partitioned mt_events; no row is copied",
            "ACCESS EXCLUSIVE on mt_events, mt_streams and the tag tables, whatever the size for less than 100 ms as a "
            + "rule",
            Attach) with { IsSwap = true },
    ];

    private ConversionStep CreateTimeIndex(string table) => Statement(
        TimeIndex, "a B-tree on timestamp, CONCURRENTLY; goes at complete",
        $"CREATE INDEX CONCURRENTLY IF NOT EXISTS mt_events_conversion_time ON {Schema}{table} (timestamp)");

    private string Attach(bool streamsFirst) => string.Create(
        CultureInfo.InvariantCulture,
        $"SELECT {Schema}mt_attach_plain('{Options.Period.SqlName()}', {Options.PeriodsAhead}, ")
        + $"{SqlText.Literal(Time.GetUtcNow())}, {SqlText.Literal(streamsFirst)})";

    private static ConversionStep UntilLocksAreScarce(ConversionStep split) => split with
    {
        Run = async (session, token) =>
        {
            try
            {
                return await split.Run(session, token);
            }
            catch (PostgresException error) when (error.ConstraintName == "mt_lock_space")
            {
                throw new ConversionStateException(
                    session.SchemaName, ConversionState.Attached,
                    $"splitting stops here, what is older stays in the head: {error.MessageText}. {error.Hint}");
            }
        },
    };
}
