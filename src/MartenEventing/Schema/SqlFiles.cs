using System.Reflection;
using System.Text.RegularExpressions;

namespace MartenEventing.Schema;

/// <summary>The files of <c>db/</c>, embedded in this assembly. Paths are those below <c>db/</c>.</summary>
internal static partial class SqlFiles
{
    private const string Root = "db/";
    private const string SchemaMarker = "/* schema */";
    private const string IdentityMarker = "/* stream identity */uuid";
    private const string PeriodMarker = "/* period */'month'";
    private const string PlanMarker = "/* plan mode */force_generic_plan";
    private static readonly Assembly Owner = typeof(SqlFiles).Assembly;

    private static readonly Dictionary<string, string> Resources = Owner.GetManifestResourceNames()
        .ToDictionary(name => name.Replace('\\', '/'), StringComparer.Ordinal);

    /// <summary>The paths of all files that begin so, in ordinal order.</summary>
    public static IReadOnlyList<string> Find(string prefix) =>
        [.. Resources.Keys.Where(name => name.StartsWith(Root + prefix, StringComparison.Ordinal))
            .Select(name => name[Root.Length..]).Order(StringComparer.Ordinal)];

    /// <summary>A file as it lies in the repository, line ends made LF.</summary>
    public static string Read(string path)
    {
        using var stream = Owner.GetManifestResourceStream(Resources[Root + path])!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>A file with its markers filled in.</summary>
    public static string Load(string path, SchemaOptions options) => Fill(Read(path), options);

    /// <summary>
    /// The text with its markers filled in. What a comment says after <c>conjoined:</c> takes its place where the store
    /// is conjoined, up to the end of the line if it ends in two dashes; elsewhere the comment goes.
    /// </summary>
    public static string Fill(string text, SchemaOptions options)
    {
        var identity = options.StreamIdentity == StreamIdentity.Guid ? "uuid" : "varchar";
        return ConjoinedMarker().Replace(text, options.Tenancy == EventTenancy.Conjoined ? "${sql}" : "")
            .Replace(SchemaMarker, SqlText.Quote(options.SchemaName) + ".", StringComparison.Ordinal)
            .Replace(IdentityMarker, identity, StringComparison.Ordinal)
            .Replace(PeriodMarker, $"'{options.Period.SqlName()}'", StringComparison.Ordinal)
            .Replace(PlanMarker, options.PartitionByTenant ? "force_custom_plan" : "force_generic_plan",
                StringComparison.Ordinal);
    }

    [GeneratedRegex(@"/\* conjoined: (?<sql>(?:/\* schema \*/|(?!\*/|/\*).)+) \*/")]
    private static partial Regex ConjoinedMarker();
}
