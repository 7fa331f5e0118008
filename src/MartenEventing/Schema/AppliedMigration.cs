namespace MartenEventing.Schema;

/// <summary>A row of the history.</summary>
internal sealed record AppliedMigration(MigrationKind Kind, string Checksum, DateTimeOffset At);
