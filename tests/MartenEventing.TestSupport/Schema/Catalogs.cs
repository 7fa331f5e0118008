using MartenEventing.TestSupport.Postgres;
using Npgsql;

namespace MartenEventing.TestSupport.Schema;

/// <summary>All that the catalogs of a database say about a schema, a line for each fact.</summary>
public static class Catalogs
{
    private const string Query =
        """
        WITH area AS (SELECT oid FROM pg_namespace WHERE nspname = $1)
        SELECT format('%s %s %s %s', c.relkind, c.relname, c.reloptions, pg_get_expr(c.relpartbound, c.oid))
          FROM pg_class c JOIN area ON area.oid = c.relnamespace
        UNION ALL
        SELECT format('%s.%s %s %s %s %s', c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
                      a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
          FROM pg_class c JOIN area ON area.oid = c.relnamespace
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
          LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE c.relkind IN ('r', 'p', 'v', 'm')
        UNION ALL
        SELECT pg_get_indexdef(c.oid)
          FROM pg_class c JOIN area ON area.oid = c.relnamespace WHERE c.relkind IN ('i', 'I')
        UNION ALL
        SELECT format('%s on %s: %s', k.conname, k.conrelid::regclass, pg_get_constraintdef(k.oid))
          FROM pg_constraint k JOIN area ON area.oid = k.connamespace
        UNION ALL
        SELECT format('%s %s', t.tgenabled, pg_get_triggerdef(t.oid))
          FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN area ON area.oid = c.relnamespace
         WHERE NOT t.tgisinternal
        UNION ALL
        SELECT pg_get_functiondef(p.oid)
          FROM pg_proc p JOIN area ON area.oid = p.pronamespace WHERE p.prokind IN ('f', 'p')
        UNION ALL
        SELECT format('%s: %s', c.relname, pg_get_viewdef(c.oid))
          FROM pg_class c JOIN area ON area.oid = c.relnamespace WHERE c.relkind IN ('v', 'm')
        UNION ALL
        SELECT format('%s owned by %s.%s', c.relname, d.refobjid::regclass, d.refobjsubid)
          FROM pg_class c JOIN area ON area.oid = c.relnamespace JOIN pg_depend d ON d.objid = c.oid AND d.deptype = 'a'
         WHERE c.relkind = 'S'
        UNION ALL
        SELECT format('%s: %s', coalesce(c.relname, p.proname), o.description)
          FROM pg_description o LEFT JOIN pg_class c ON c.oid = o.objoid
          LEFT JOIN pg_proc p ON p.oid = o.objoid CROSS JOIN area
         WHERE area.oid IN (c.relnamespace, p.pronamespace)
        """;

    /// <summary>What the catalogs say, in ordinal order.</summary>
    public static async Task<List<string>> DescribeAsync(NpgsqlDataSource source, string schema) =>
        [.. (await source.ColumnAsync<string>(Query, schema)).Order(StringComparer.Ordinal)];

    /// <summary>What the catalogs say, and what the history does.</summary>
    public static async Task<List<string>> ReadAsync(NpgsqlDataSource source, string schema) =>
    [
        .. await DescribeAsync(source, schema),
        .. await source.ColumnAsync<string>(
            $"SELECT format('%s %s %s', name, kind, checksum) FROM \"{schema}\".mt_migrations ORDER BY name"),
    ];
}
