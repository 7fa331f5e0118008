using System.Data.Common;

namespace MartenEventing.Schema;

/// <summary>Which of a store's own objects the catalogs have, see <see cref="StoreSetup"/>.</summary>
/// <param name="Functions">Names and bodies; of one that everybody may call, and should not, no body.</param>
/// <param name="Relations">Names of tables, views, indexes and sequences, and their comments.</param>
/// <param name="Triggers">Names of the enabled triggers on events and streams.</param>
/// <param name="Leaves">Names of the partitions of <c>mt_events</c>.</param>
public sealed record StoreState(
    IReadOnlyDictionary<string, string> Functions,
    IReadOnlyDictionary<string, string> Relations,
    IReadOnlySet<string> Triggers,
    IReadOnlySet<string> Leaves)
{
    private static readonly string OpenToPublic = $"ARRAY['{string.Join("', '", FunctionRights.OpenToPublic)}']";

    /// <summary>Asks about the objects of some names; the rest of a schema may be large.</summary>
    /// <param name="schema">How the SQL names the parameter with the name of the schema.</param>
    /// <param name="names">That with <see cref="StoreSetup.ObjectNames"/>, an array.</param>
    public static string Query(string schema, string names) =>
        $"""
         WITH home AS (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = {schema}),
              own AS (SELECT c.oid, c.relname FROM home h JOIN pg_catalog.pg_class c ON c.relnamespace = h.oid
                       WHERE c.relname = ANY ({names}))
         SELECT 'function' AS kind, p.proname::text AS name,
                CASE WHEN p.proacl IS NULL AND p.proname <> ALL ({OpenToPublic}) THEN '' ELSE p.prosrc END AS detail
           FROM home h JOIN pg_catalog.pg_proc p ON p.pronamespace = h.oid WHERE p.proname = ANY ({names})
         UNION ALL
         SELECT 'relation', o.relname, coalesce(pg_catalog.obj_description(o.oid, 'pg_class'), '') FROM own o
         UNION ALL
         SELECT 'trigger', t.tgname, '' FROM own o JOIN pg_catalog.pg_trigger t ON t.tgrelid = o.oid
          WHERE o.relname IN ('mt_events', 'mt_streams') AND NOT t.tgisinternal
            AND (t.tgenabled IN ('O', 'A') OR t.tgname = 'mt_guard_replica' AND t.tgenabled = 'R')
         UNION ALL
         SELECT 'leaf', c.relname, '' FROM own o JOIN pg_catalog.pg_inherits i ON i.inhparent = o.oid
           JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
          WHERE o.relname = 'mt_events';
         """;

    /// <summary>Reads the answer to <see cref="Query"/>.</summary>
    public static async Task<StoreState> ReadAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var rows = new List<(string Kind, string Name, string Detail)>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));

        Dictionary<string, string> Details(string kind) => rows.Where(row => row.Kind == kind)
            .DistinctBy(row => row.Name).ToDictionary(row => row.Name, row => row.Detail, StringComparer.Ordinal);
        return new StoreState(
            Details("function"), Details("relation"), Details("trigger").Keys.ToHashSet(),
            Details("leaf").Keys.ToHashSet());
    }
}
