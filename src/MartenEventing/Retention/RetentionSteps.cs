using System.Globalization;

namespace MartenEventing.Retention;

/// <summary>The steps of a run by name, and their statements.</summary>
internal static class RetentionSteps
{
    /// <summary>How many streams without events in the partition go at once.</summary>
    public const int StreamsABatch = 500;

    public const string Seal = "seal";
    public const string ValidateSeal = "validate the seal";
    public const string Begin = "begin";
    public const string Choose = "choose streams";
    public const string Archive = "archive";
    public const string Remove = "remove streams";
    public const string Copy = "copy what stays";
    public const string Keep = "keep as it is";
    public const string Swap = "swap";
    public const string Drop = "drop";
    public const string PrepareMerge = "prepare to merge";
    public const string Merge = "merge into the head";
    public const string End = "end";

    private const string Partition = "ACCESS EXCLUSIVE on the partition";
    private const string Whole = "ACCESS EXCLUSIVE on mt_events and the partition";

    public static string SealSql(string schema, string leaf) => $"SELECT {schema}mt_seal_partition('{leaf}')";

    public static string ValidateSealSql(string schema, string leaf) =>
        $"ALTER TABLE {schema}\"{leaf}\" VALIDATE CONSTRAINT mt_sealed";

    public static string BeginSql(string schema, RetentionRequest request, IEnumerable<string> leaves) =>
        $"SELECT {schema}mt_begin_retention({request.Arguments(leaves)})";

    public static string ChooseSql(string schema) => $"SELECT {schema}mt_choose_streams()";

    public static string RemoveSql(string schema, int batch) =>
        string.Create(
            CultureInfo.InvariantCulture, $"SELECT seen, removed, streams FROM {schema}mt_remove_streams({batch})");

    public static string KeepSql(string schema) => $"SELECT {schema}mt_keep_leaves()";

    public static string CopySql(string schema) => $"SELECT {schema}mt_copy_retained()";

    public static string CatchUpSql(string schema) => $"SELECT {schema}mt_catch_up()";

    public static string SwapSql(string schema) => $"SELECT removed, streams, held FROM {schema}mt_swap_retained()";

    public static string DropSql(string schema) => $"SELECT {schema}mt_drop_expired()";

    public static string MergeSql(string schema, int batch) =>
        string.Create(
            CultureInfo.InvariantCulture, $"SELECT left_over, moved, held FROM {schema}mt_merge_retained({batch})");

    public static string EndSql(string schema) => $"SELECT {schema}mt_end_retention()";

    /// <summary>
    /// What is run for a partition, in the order of a run; psql may run it, too.
    /// </summary>
    /// <param name="schema">The schema as it precedes a name.</param>
    /// <param name="leaf">The partition.</param>
    /// <param name="options">The policies.</param>
    /// <param name="request">What the functions are told of them.</param>
    /// <param name="isKept">Whether no stream ends in it, so that it is merged as it is.</param>
    /// <param name="isArchived">Whether a partition archive is written.</param>
    public static IReadOnlyList<string> For(
        string schema, string leaf, RetentionOptions options, RetentionRequest request, bool isKept, bool isArchived) =>
    [
        Locking(Partition, SealSql(schema, leaf)),
        ValidateSealSql(schema, leaf),
        Locking("SHARE ROW EXCLUSIVE on the partition and the head", BeginSql(schema, request, [leaf])),
        ChooseSql(schema),
        .. options.Cut ? [] : (string[])[Noted(
            isArchived, SqlText.Loop(RemoveSql(schema, StreamsABatch), "batch.seen = 0", options.BatchShare))],
        Noted(isArchived && options.Cut, Locking(Partition, KeepSql(schema))),
        .. isKept ? [] : (string[])
            [CopySql(schema), CatchUpSql(schema), Locking(Whole, SwapSql(schema)), DropSql(schema)],
        Locking(Whole, 
            SqlText.Loop(MergeSql(schema, options.BatchSize), "NOT batch.left_over", options.BatchShare)),
        EndSql(schema),
    ];

    private static string Locking(string locks, string sql) => $"-- {locks}, for some milliseconds\n{sql}";

    private static string Noted(bool isArchived, string sql) =>
        isArchived ? $"-- before this the partition archive is written and verified\n{sql}" : sql;
}
