using MartenEventing.Partitioning;
using MartenEventing.Politeness;

namespace MartenEventing.Conversion;

/// <summary>Makes steps, each of which may be run again; and those that several ways have.</summary>
internal abstract class ConversionSteps(string schema, ConversionOptions options, TimeProvider time)
{
    public const string Streams = "streams";
    public const string Sequence = "sequence";
    public const string Analyze = "statistics";
    public const string Record = "record";

    /// <summary>What the indexes that steps build are called, as a regular expression.</summary>
    public const string Indexes = "^mt_events.*_conversion_";

    private const int StreamsABatch = 1000;

    /// <summary>The schema as it precedes a name.</summary>
    protected string Schema { get; } = schema;

    protected ConversionOptions Options { get; } = options;

    protected TimeProvider Time { get; } = time;

    /// <summary>What moving the bound between two partitions locks.</summary>
    protected string ForABatch =>
        $"ACCESS EXCLUSIVE on mt_events and two partitions, {Options.BatchPause.TotalMilliseconds:0} ms a batch or so";

    /// <summary>Looks at all streams in batches, and makes them tell of all their events.</summary>
    protected ConversionStep SettleStreams
    {
        get
        {
            var sql = $"SELECT {Schema}mt_settle_streams({StreamsABatch})";
            return new(
                Streams, "look at all streams, in batches: their version, and when their events are from",
                SqlText.Loop($"{sql} AS seen", $"batch.seen < {StreamsABatch}"))
            {
                Run = async (session, token) =>
                {
                    var seen = 0;
                    for (var batch = StreamsABatch; batch == StreamsABatch; seen += batch)
                    {
                        await session.ObserveAsync(Streams, StepMoment.Before);
                        batch = await session.ReadAsync<int>(sql, token, Streams);
                        await session.ObserveAsync(Streams, StepMoment.Committed);
                        session.Report(new StepProgress(Streams, Done: seen + batch));
                    }

                    return default;
                },
            };
        }
    }

    /// <summary>Belonging to a table it would go with it; so during a swap it belongs to none.</summary>
    protected ConversionStep FreeSequence => Locking(
        Sequence, "the sequence belongs to no table for the moment", "the sequence, for a moment",
        _ => $"ALTER SEQUENCE {Schema}mt_events_sequence OWNED BY NONE");

    protected ConversionStep OwnSequence => Locking(
        Sequence, "the sequence belongs to mt_events", "the sequence, for a moment",
        _ => $"ALTER SEQUENCE {Schema}mt_events_sequence OWNED BY {Schema}mt_events.seq_id");

    /// <summary>
    /// Drops the indexes of a conversion that an interrupted concurrent build has left, which count for nothing; or
    /// all.
    /// </summary>
    protected ConversionStep DropIndexes(bool all = false) => ForEach(
        "drop indexes", all ? "drop the indexes of the conversion" : "drop what an interrupted index build has left",
        $"""
         SELECT 'DROP INDEX CONCURRENTLY IF EXISTS ' || i.indexrelid::regclass
           FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
           JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
           JOIN pg_catalog.pg_class e ON e.oid = {Schema}mt_events_table() AND e.relnamespace = t.relnamespace
          WHERE t.relname LIKE 'mt\_events%' AND c.relname LIKE 'mt\_events\_%conversion\_%'
            AND (NOT i.indisvalid OR {SqlText.Literal(all)})
         """);

    protected ConversionStep AnalyzeTable(string table = "mt_events") =>
        Statement(Analyze, "statistics of the whole", $"ANALYZE {Schema}{table}");

    /// <summary>A statement whose locks keep neither readers nor writers waiting; no transaction around it.</summary>
    protected static ConversionStep Statement(string name, string description, string sql) =>
        ConversionStep.Of(name, description, [sql], (session, token) => session.RunAsync(name, sql, token));

    /// <summary>A statement that notes in <c>mt_conversion</c> how far it has come.</summary>
    protected static ConversionStep Note(string description, string sql) =>
        ConversionStep.Of(Record, description, [sql], (session, token) => session.ExecuteAsync(sql, token));

    /// <summary>
    /// A statement that takes strong locks, in a transaction of its own. It is told whether to lock mt_streams first:
    /// every other attempt does, since writers lock in either order.
    /// </summary>
    protected ConversionStep Locking(
        string name, string description, string locks, Func<bool, string> sql, bool harmless = false) => new(
        name, description, Bounded(sql(false)))
    {
        Locks = Waiting(locks),
        Run = async (session, token) =>
            (await session.LockAsync(name, attempt => sql(attempt % 2 == 1), token, harmless)).Duration,
    };

    /// <summary>A query, each row of which is a statement; with locks, each in a transaction of its own.</summary>
    protected ConversionStep ForEach(string name, string description, string query, string? locks = null) => new(
        name, description, locks is null ? [Each(query)] : Bounded(Each(query)))
    {
        Locks = locks is null ? "none that matter" : Waiting(locks),
        Run = async (session, token) =>
        {
            foreach (var statement in await session.ListAsync(query, token))
                if (locks is null)
                    await session.RunAsync(name, statement, token);
                else
                    await session.LockAsync(name, _ => statement, token);
            return default;
        },
    };

    /// <summary>
    /// Batches, each in a transaction of its own, that leave others their share of the time. The statement is told how
    /// many events to move; it returns how many it has moved as its second column, how long it kept its locks as its
    /// last, and null as its first when nothing is left.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="locks">What a batch locks.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="first">The name of its first column.</param>
    /// <param name="total">A query that counts or estimates the events to be moved.</param>
    /// <param name="harmless">Whether nobody queues behind it.</param>
    protected ConversionStep Batches(
        string name, string description, string locks, Func<int, string> sql, string first, string total,
        bool harmless = false) => new(
        name, description,
        Bounded(SqlText.Loop(sql(Options.BatchSize), $"batch.{first} IS NULL", Options.BatchShare)))
    {
        Locks = Waiting(locks),
        Run = async (session, token) =>
        {
            var meter = new BatchMeter(session, name, await session.ReadAsync<long>(total, token), Time);
            var batch = new BatchSize(Options.BatchSize, Options.BatchPause);
            while (true)
            {
                var (row, took) = await session.LockAsync(name, _ => sql(batch.Next), token, harmless);
                if (row[0] is null)
                    return default;
                meter.Add((long)row[1]!);
                batch.Learn((TimeSpan)row[^1]!);
                await session.RestAsync(took, Options.BatchShare, token);
            }
        },
    };

    /// <summary>With a limit for what it waits in psql, too.</summary>
    private string[] Bounded(string sql) =>
        [$"SET lock_timeout = '{Options.LockTimeout.TotalMilliseconds:0}ms'", sql, "RESET lock_timeout"];

    private static string Each(string query) => $"{query}\n\\gexec";

    private string Waiting(string locks) =>
        $"{locks}; at most {Options.LockTimeout.TotalMilliseconds:0} ms in the queue, then it steps back";
}
