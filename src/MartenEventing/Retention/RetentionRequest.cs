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

    /// <summary>The floor, as SQL.</summary>
    public string FloorSql => $"{SqlText.Literal(Floor)}::timestamptz";

    /// <summary>The rules, as SQL.</summary>
    public string RulesSql => $"{SqlText.Literal(Rules)}::jsonb";

    /// <summary>What covers events, as SQL.</summary>
    public string CoveredSql => Covered is null ? "NULL::jsonb" : $"{SqlText.Literal(Covered)}::jsonb";

    /// <summary>The arguments of <c>mt_begin_retention</c> and <c>mt_preview_retention</c>, as SQL.</summary>
    public string Arguments(IEnumerable<string> leaves) =>
        $"ARRAY[{string.Join(", ", leaves.Select(SqlText.Literal))}]::text[], {FloorSql}, {RulesSql}, "
        + $"{(Cut ? "true" : "false")}, {CoveredSql}";

    private static string Text(DateTimeOffset? floor) =>
        floor?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? Never;
}
