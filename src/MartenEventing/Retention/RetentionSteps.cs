using System.Globalization;

namespace MartenEventing.Retention;

/// <summary>The steps of a run by name, and their statements.</summary>
internal static class RetentionSteps
{
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

    public static string SealSql(string schema, string leaf) => $"SELECT {schema}mt_seal_partition('{leaf}')";

    public static string ValidateSealSql(string schema, string leaf) =>
        $"ALTER TABLE {schema}\"{leaf}\" VALIDATE CONSTRAINT mt_sealed";

    public static string BeginSql(string schema) =>
        $"SELECT {schema}mt_begin_retention({RetentionRequest.Markers})";

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

    /// <summary>An outline of what is run for a partition, for those who want to see it beforehand.</summary>
    public static IReadOnlyList<string> For(string schema, string leaf, RetentionOptions options) =>
    [
        SealSql(schema, leaf),
        ValidateSealSql(schema, leaf),
        BeginSql(schema).Replace("$1::text[]", $"ARRAY['{leaf}']", StringComparison.Ordinal),
        ChooseSql(schema),
        RemoveSql(schema, 500),
        CopySql(schema),
        CatchUpSql(schema),
        SwapSql(schema),
        DropSql(schema),
        MergeSql(schema, options.BatchSize),
        EndSql(schema),
    ];
}
