using System.Security.Cryptography;
using System.Text;

namespace MartenEventing.Schema;

/// <summary>A file of the schema. The checksum is that of the file before its markers are filled in.</summary>
internal sealed record Migration(string Name, MigrationKind Kind, string Text)
{
    private const string Functions = "functions/";
    private const string Views = "views/";
    private const string Partitioning = "V002__partitioning_setup.sql";

    private static readonly string[] PartitionedOnly = [Partitioning, "V003__brin_indexes.sql"];

    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>True for the file that turns the plain layout into the partitioned one.</summary>
    public bool SetsUpPartitions => Name == Partitioning;

    /// <summary>
    /// The steps of a schema, each to be applied in a transaction of its own: all functions, each versioned file, all
    /// views.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<Migration>> StepsOf(SchemaOptions options) =>
    [
        [.. SqlText.Find(Functions).Select(Repeatable)],
        .. SqlText.Find("V").Where(name => options.Layout == StoreLayout.Partitioned || !PartitionedOnly.Contains(name))
            .Select(name => new[] { new Migration(name, MigrationKind.Versioned, SqlText.Read(name)) }),
        [.. SqlText.Find(Views).Select(Repeatable)],
    ];

    private static Migration Repeatable(string name) => new(name, MigrationKind.Repeatable, SqlText.Read(name));
}
