namespace MartenEventing.Schema;

/// <summary>A file of the schema that is due.</summary>
/// <param name="Name">The file's path below <c>db/</c>.</param>
/// <param name="Kind">How it is applied.</param>
/// <param name="Sql">The statements, with schema, stream identity and period filled in.</param>
public sealed record PlannedMigration(string Name, MigrationKind Kind, string Sql);
