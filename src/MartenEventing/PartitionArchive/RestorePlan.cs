namespace MartenEventing.PartitionArchive;

/// <summary>What restoring a partition archive would do.</summary>
/// <param name="Manifest">The archive.</param>
/// <param name="Target">The table or partitions the events would come into.</param>
/// <param name="EventsThere">How many events the database has of that time already.</param>
/// <param name="Statements">The SQL that would be run.</param>
public sealed record RestorePlan(
    ArchiveManifest Manifest, string Target, long EventsThere, IReadOnlyList<string> Statements);
