namespace MartenEventing.Schema;

/// <summary>What applying the schema did.</summary>
/// <param name="Applied">The files applied, in order; empty when there was nothing to do.</param>
/// <param name="UnknownMigrations">
/// Versioned files in the history that this library does not know: the database belongs to a newer one. Nothing was
/// applied then.
/// </param>
public sealed record MigrationReport(IReadOnlyList<string> Applied, IReadOnlyList<string> UnknownMigrations);
