using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace MartenEventing.Schema;

/// <summary>A file of the schema. The checksum is that of the file before its markers are filled in.</summary>
internal sealed partial record Migration(string Name, MigrationKind Kind, string File)
{
    private const string Functions = "functions/";
    private const string Published = "published/";
    private const string Tables = "tables/";
    private const string Views = "views/";
    private const string EventStore = "V001__event_store.sql";
    private const string Partitioning = "V002__partitioning_setup.sql";
    private const string PartitioningByTenant = "layouts/V002__partitioning_by_tenant.sql";
    private const string BodyQuote = "$function$";

    private static readonly string[] PartitionedOnly = [Partitioning, PartitioningByTenant, "V003__brin_indexes.sql"];

    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(File)));

    /// <summary>
    /// Whether a file with this checksum has done its work: this one, or one that it names as its former text. What an
    /// earlier text made stays as it is.
    /// </summary>
    public bool IsAppliedAs(string checksum) =>
        checksum == Checksum || FormerText().Matches(File).Any(match => match.Groups[1].Value == checksum);

    /// <summary>What is run: the file, and for a view a comment that tells which text made it.</summary>
    public string Text => Comment is null
        ? File
        : $"{File}\nCOMMENT ON VIEW /* schema */{ObjectName} IS '{Comment}';\n";

    /// <summary>The function, table or view that the file makes; without meaning for a versioned file.</summary>
    public string ObjectName => Path.GetFileNameWithoutExtension(Name);

    public bool MakesView => Name.StartsWith(Views, StringComparison.Ordinal);

    private bool MakesFunction =>
        Name.StartsWith(Functions, StringComparison.Ordinal) || Name.StartsWith(Published, StringComparison.Ordinal);

    /// <summary>The comment by which a view of this text is known; null for what is not a view.</summary>
    public string? Comment => MakesView ? "MartenEventing " + Checksum[..16] : null;

    /// <summary>The body of the function, before its markers are filled in; null for what is not a function.</summary>
    public string? Body => MakesFunction ? File.Split(BodyQuote)[1] : null;

    /// <summary>True for the file that turns the plain layout into the partitioned one.</summary>
    public bool SetsUpPartitions => Name is Partitioning or PartitioningByTenant;

    /// <summary>True for what a partitioned store has already, whoever set it up.</summary>
    public bool IsPartOfSetUpStore => Name == EventStore || SetsUpPartitions;

    /// <summary>
    /// The steps of a schema, each to be applied in a transaction of its own: all functions, each versioned file, all
    /// tables of our own and views.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<Migration>> StepsOf(SchemaOptions options) =>
    [
        [.. SqlFiles.Find(Functions).Concat(SqlFiles.Find(Published)).Select(Repeatable)],
        .. AllVersioned().Where(file => IsOf(options, file.Name)).Select(file => new[] { file }),
        [.. SqlFiles.Find(Tables).Concat(SqlFiles.Find(Views)).Select(Repeatable)],
    ];

    /// <summary>
    /// The versioned files of all layouts. Those of layouts that psql does not make by itself lie in a folder of their
    /// own.
    /// </summary>
    public static IReadOnlyList<Migration> AllVersioned() =>
    [
        .. SqlFiles.Find("V").Concat(SqlFiles.Find("layouts/V"))
            .OrderBy(Path.GetFileName, StringComparer.Ordinal).Select(Versioned),
    ];

    private static bool IsOf(SchemaOptions options, string name) =>
        options.Layout == StoreLayout.Partitioned
            ? name != (options.PartitionByTenant ? Partitioning : PartitioningByTenant)
            : !PartitionedOnly.Contains(name);

    private static Migration Versioned(string name) => new(name, MigrationKind.Versioned, SqlFiles.Read(name));

    [GeneratedRegex("^-- formerly ([0-9a-f]{64})", RegexOptions.Multiline)]
    private static partial Regex FormerText();

    private static Migration Repeatable(string name) => new(name, MigrationKind.Repeatable, SqlFiles.Read(name));
}
