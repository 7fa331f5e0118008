using System.Text.Json.Serialization;

namespace MartenEventing.PartitionArchive;

/// <summary>A column of a table in a partition archive.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as PostgreSQL's <c>format_type</c> prints it.</param>
/// <param name="Generated">Whether the database computes it; then it is archived and not restored.</param>
public sealed record ArchiveColumn(
    string Name,
    string Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Generated = false);
