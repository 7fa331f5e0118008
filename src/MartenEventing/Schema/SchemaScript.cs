using System.Text;

namespace MartenEventing.Schema;

/// <summary>
/// Writes the schema as one script: one transaction under the migrator's lock. A versioned file is executed from within
/// a DO block that looks into the history first, so the script needs no client-side commands and may be run again.
/// </summary>
internal static class SchemaScript
{
    /// <summary>The script of those files.</summary>
    public static string Write(SchemaOptions options, Func<Migration, bool> which)
    {
        var script = new StringBuilder();
        var table = SqlText.Quote(options.SchemaName) + ".mt_migrations";
        script.Append(Opening(options)).Append(SqlFiles.Load("history/mt_migrations.sql", options));
        foreach (var migration in Migration.StepsOf(options).SelectMany(step => step).Where(which))
        {
            var text = SqlFiles.Fill(migration.Text, options);
            script.Append('\n').Append(migration.Kind == MigrationKind.Versioned
                ? Once(migration, text, table, options)
                : Always(migration, text, table));
        }

        return script.Append($"\nSELECT {SqlText.Quote(options.SchemaName)}.mt_settle();\nCOMMIT;\n").ToString();
    }

    private static string Opening(SchemaOptions options) =>
        $"""
         -- The event store of MartenEventing in schema {SqlText.Quote(options.SchemaName)}.
         -- Layout {options.Layout}, stream identity {options.StreamIdentity}, tenancy {options.Tenancy},
         -- first partitions by {(options.PartitionByTenant ? "tenant and " : "")}{options.Period}.
         -- One transaction: all of it or nothing. May be run again: files that were applied stay as they are.
         BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
         SET LOCAL standard_conforming_strings = on;
         SET LOCAL quote_all_identifiers = off;
         SET LOCAL statement_timeout = 0;
         SET LOCAL search_path = pg_catalog, {SqlText.Quote(options.SchemaName)}, pg_temp;
         SET LOCAL client_min_messages = warning;
         SET LOCAL check_function_bodies = off;
         SET LOCAL lock_timeout = '1min';

         DO $$
         BEGIN
             PERFORM pg_advisory_xact_lock(hashtextextended('marten-eventing schema {options.SchemaName}', 0));
             IF to_regnamespace(quote_ident('{options.SchemaName}')) IS NULL THEN
                 CREATE SCHEMA {SqlText.Quote(options.SchemaName)};
             END IF;
         END
         $$;
         SET LOCAL lock_timeout = '10s';


         """;

    private static string Once(Migration migration, string text, string table, SchemaOptions options) =>
        $"""
         DO $history$
         BEGIN
             IF EXISTS (SELECT FROM {table} WHERE name = '{migration.Name}') THEN
                 RETURN;
             END IF;
             IF {(migration.IsPartOfSetUpStore ? Missing(options) : "true")} THEN
                 EXECUTE $migration$
         {text}
         $migration$;
             END IF;
             {Note(migration, table)}
         END
         $history$;

         """;

    /// <summary>A store that somebody else has set up with partitions has what the file makes.</summary>
    private static string Missing(SchemaOptions options) =>
        options.PartitionByTenant
            ? "NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'mt_tenant_arrives' "
                + $"AND tgrelid = to_regclass('{SqlText.Quote(options.SchemaName)}.mt_streams'))"
            : $"to_regclass('{SqlText.Quote(options.SchemaName)}.mt_events_head') IS NULL";

    private static string Always(Migration migration, string text, string table) => $"{text}{Note(migration, table)}\n";

    private static string Note(Migration migration, string table)
    {
        var kind = migration.Kind.ToString().ToLowerInvariant();
        return $"INSERT INTO {table} (name, kind, checksum) "
            + $"VALUES ('{migration.Name}', '{kind}', '{migration.Checksum}') "
            + "ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, applied = excluded.applied;";
    }
}
