using System.Globalization;
using System.Text.Json;

namespace MartenEventing.Retention;

/// <summary>What the functions in <c>db/functions/retention</c> are told of policies.</summary>
internal sealed record RetentionRequest(string Floor, string Rules, bool Cut, string? Covered)
{
    private const string Never = "-infinity";

    public static RetentionRequest Of(RetentionOptions options, RetentionVerdict verdict, DateTimeOffset? floor) => new(
        Text(floor),
        JsonSerializer.Serialize(verdict.Rules.Select(item => new Dictionary<string, string?>
        {
            ["kind"] = item.Rule.Kind,
            ["name"] = item.Rule.HeaderName,
            ["value"] = item.Rule.Value,
            ["floor"] = Text(item.Floor),
        })),
        options.Cut,
        options.Covered is null ? null : JsonSerializer.Serialize(new
        {
            compacted = options.Covered.Compacted,
            snapshots = options.Covered.Snapshots.Select(
                s => new { table = s.Table, stream = s.StreamColumn, version = s.VersionColumn }),
        }));

    /// <summary>
    /// As parameters of <c>mt_begin_retention</c> and <c>mt_preview_retention</c>, after the partitions.
    /// </summary>
    public object[] Parameters(string[] leaves) => [leaves, Floor, Rules, Cut, (object?)Covered ?? DBNull.Value];

    /// <summary>The parameters as they stand in the statement.</summary>
    public const string Markers = "$1::text[], $2::text::timestamptz, $3::text::jsonb, $4::boolean, $5::text::jsonb";

    private static string Text(DateTimeOffset? floor) =>
        floor?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? Never;
}
