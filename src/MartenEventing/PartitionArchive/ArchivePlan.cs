namespace MartenEventing.PartitionArchive;

/// <summary>What would go into a partition archive.</summary>
/// <param name="Name">Its name, unless there is one of that name by then.</param>
/// <param name="Partition">The partition it would be made from; null for a range.</param>
/// <param name="From">The first instant.</param>
/// <param name="To">The first instant no longer in it.</param>
/// <param name="Events">How many events, exactly.</param>
/// <param name="Streams">Of how many streams.</param>
/// <param name="Statements">The SQL that would be run.</param>
public sealed record ArchivePlan(
    string Name,
    string? Partition,
    DateTimeOffset? From,
    DateTimeOffset? To,
    long Events,
    long Streams,
    IReadOnlyList<string> Statements);
