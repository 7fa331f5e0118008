namespace MartenEventing.Schema;

/// <summary>A file of the schema and its state in a database.</summary>
/// <param name="Name">The file's path below <c>db/</c>.</param>
/// <param name="Kind">How it is applied.</param>
/// <param name="State">What the history says.</param>
/// <param name="AppliedAt">When it was last applied; null when it was not.</param>
public sealed record MigrationStatus(string Name, MigrationKind Kind, MigrationState State, DateTimeOffset? AppliedAt);
