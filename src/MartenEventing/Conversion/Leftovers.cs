using MartenEventing.Politeness;

namespace MartenEventing.Conversion;

/// <summary>Indexes that an interrupted concurrent build has left: they count for nothing and are built anew.</summary>
internal static class Leftovers
{
    /// <summary>What they are called, as a regular expression.</summary>
    public const string Pattern = "^mt_events.*_conversion_";

    /// <summary>Drops those of a conversion that are not valid, or all.</summary>
    public static async Task DropAsync(
        PoliteSession session, CancellationToken cancellationToken, bool all = false)
    {
        var names = await session.ListAsync(
            $"""
             SELECT i.indexrelid::regclass::text
               FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
               JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
               JOIN pg_catalog.pg_class e ON e.oid = {session.Schema}mt_events_table()
                AND e.relnamespace = t.relnamespace
              WHERE t.relname LIKE 'mt\_events%' AND c.relname LIKE 'mt\_events\_%conversion\_%'
                AND (NOT i.indisvalid OR {AttachSteps.Bool(all)})
             """, cancellationToken);
        foreach (var name in names)
            await session.RunAsync("drop " + name, $"DROP INDEX CONCURRENTLY IF EXISTS {name}", cancellationToken);
    }
}
