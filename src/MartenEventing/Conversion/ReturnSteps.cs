using System.Globalization;

namespace MartenEventing.Conversion;

/// <summary>The statements of the way back. Each may be run again.</summary>
internal static class ReturnSteps
{
    public const string Cancel = "take down the guard";
    public const string Key = "index on seq_id";
    public const string Merge = "merge";
    public const string Swap = "swap back";
    public const string ForeignKeys = "foreign keys";
    public const string CleanUp = "clean up";

    public static string CreateKey(string schema, string storage) =>
        $"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS mt_events_conversion_seq ON {schema}mt_events_head " +
        $"(seq_id){storage}";

    public static string CreateTime(string schema, string leaf) =>
        $"CREATE INDEX CONCURRENTLY IF NOT EXISTS \"{leaf}_conversion_time\" ON {schema}\"{leaf}\" (timestamp)";

    public static string Vouch(string schema, string leaf) =>
        $"SELECT {schema}mt_add_vouched('{schema}\"{leaf}\"', true)";

    public static string MergeIntoHead(string schema, int batch) => string.Create(
        CultureInfo.InvariantCulture, $"SELECT * FROM {schema}mt_merge_into_head({batch})");

    public static string Detach(string schema, bool streamsFirst) =>
        $"SELECT {schema}mt_detach_plain({AttachSteps.Bool(streamsFirst)})";

    public static string CancelPreparation(string schema, bool streamsFirst) =>
        $"SELECT {schema}mt_cancel_preparation({AttachSteps.Bool(streamsFirst)})";
}
