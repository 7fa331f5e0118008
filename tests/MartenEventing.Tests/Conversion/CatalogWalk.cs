using Npgsql;

namespace MartenEventing.Tests.Conversion;

/// <summary>A column of a catalog's row that is about the events table, with its value.</summary>
internal sealed record CatalogFact(string Catalog, string Row, string Column, string Value);

/// <summary>
/// All that the catalogs say of a table, column by column. Each column has been decided about: it is compared as it is,
/// or under names instead of numbers, or left out for a reason. One that nobody knows yet fails the test.
/// </summary>
internal static class CatalogWalk
{
    private const string IndexName = "^CREATE (UNIQUE )?INDEX \\S+ ON (ONLY )?\\S+ ";

    /// <summary>
    /// The rows of a table: itself, its indexes, its TOAST table, each under a name that outlives a conversion.
    /// </summary>
    private const string Objects =
        $"""
         WITH whole AS (SELECT $1::regclass AS oid),
         rel AS (
            SELECT w.oid, 'table' AS label FROM whole w
             UNION ALL
            SELECT c.reltoastrelid, 'toast' FROM whole w JOIN pg_class c USING (oid) WHERE c.reltoastrelid <> 0
             UNION ALL
            SELECT i.indexrelid, CASE WHEN i.indisprimary THEN 'primary key' ELSE
                   'index ' || regexp_replace(pg_get_indexdef(i.indexrelid), '{IndexName}', '\1') END
              FROM whole w JOIN pg_index i ON i.indrelid = w.oid),
         object AS (
            SELECT 'pg_class'::regclass AS class, oid, label FROM rel
             UNION ALL
            SELECT 'pg_constraint'::regclass, k.oid, CASE k.contype WHEN 'p' THEN 'primary key' ELSE k.conname END
              FROM whole w JOIN pg_constraint k ON w.oid = k.conrelid OR w.oid = k.confrelid
             UNION ALL
            SELECT 'pg_trigger'::regclass, t.oid, t.tgname FROM whole w JOIN pg_trigger t ON t.tgrelid = w.oid
                   AND NOT t.tgisinternal
             UNION ALL
            SELECT 'pg_policy'::regclass, p.oid, p.polname FROM whole w JOIN pg_policy p ON p.polrelid = w.oid
             UNION ALL
            SELECT 'pg_attrdef'::regclass, d.oid, 'default of ' || a.attname FROM whole w
              JOIN pg_attrdef d ON d.adrelid = w.oid JOIN pg_attribute a ON a.attrelid = w.oid AND a.attnum = d.adnum
             UNION ALL
            SELECT 'pg_publication_rel'::regclass, r.oid, 'publication ' || p.pubname FROM whole w
              JOIN pg_publication_rel r ON r.prrelid = w.oid JOIN pg_publication p ON p.oid = r.prpubid
             UNION ALL
            SELECT 'pg_statistic_ext'::regclass, x.oid,
                   concat('statistics ', x.stxkind, pg_get_statisticsobjdef_columns(x.oid))
              FROM whole w JOIN pg_statistic_ext x ON x.stxrelid = w.oid)
         """;

    private const string Position =
        """
        (SELECT count(*) FROM pg_attribute o
          WHERE o.attrelid = x.attrelid AND o.attnum > 0 AND o.attnum <= x.attnum AND NOT o.attisdropped)
        """;

    private static readonly Catalog[] All =
    [
        new("pg_class", "JOIN rel r ON r.oid = x.oid", "r.label",
            "relname relnamespace reloftype relowner relam reltablespace relhasindex relisshared relpersistence "
            + "relkind relchecks relhasrules relhastriggers relhassubclass relrowsecurity relforcerowsecurity "
            + "relispopulated relreplident relispartition relrewrite reloptions relpartbound",
            "oid relfilenode reltype reltoastrelid: made anew; relpages reltuples relallvisible relallfrozen: "
            + "estimates; relfrozenxid relminmxid: age; relnatts: counts dropped columns",
            [("relname", "CASE r.label WHEN 'toast' THEN 'toast' ELSE x.relname END"),
             ("relacl", "(SELECT array_agg(a::text ORDER BY a::text) FROM unnest("
                 + "coalesce(x.relacl, CASE WHEN x.relkind IN ('r', 'p') THEN acldefault('r', x.relowner) END)) a)")]),
        new("pg_attribute",
            "JOIN rel r ON r.oid = x.attrelid AND r.label <> 'toast' AND x.attnum > 0 AND NOT x.attisdropped",
            "r.label || ' column ' || x.attname",
            "attname atttypid attlen attndims atttypmod attbyval attalign attstorage attcompression attnotnull "
            + "atthasdef attidentity attgenerated attisdropped attislocal attinhcount attcollation attacl attoptions "
            + "attfdwoptions",
            "attrelid: made anew; attcacheoff: memory; atthasmissing attmissingval: how old rows keep a default",
            [("attnum", Position), ("attstattarget", "coalesce(x.attstattarget, -1)")]),
        new("pg_constraint", "JOIN object r ON r.oid = x.oid AND r.class = 'pg_constraint'::regclass", "r.label",
            "conname connamespace contype condeferrable condeferred convalidated contypid conparentid confupdtype "
            + "confdeltype confmatchtype conislocal coninhcount connoinherit conpfeqop conppeqop conffeqop "
            + "confdelsetcols conexclop conenforced conperiod",
            "oid: made anew",
            [("conrelid", "x.conrelid::regclass::text"), ("confrelid", "x.confrelid::regclass::text"),
             ("conindid", "x.conindid::regclass::text"), ("conkey", "pg_get_constraintdef(x.oid)"), ("confkey", "''"),
             ("conbin", "''")]),
        new("pg_index", "JOIN rel r ON r.oid = x.indexrelid", "r.label",
            "indnatts indnkeyatts indisunique indnullsnotdistinct indisprimary indisexclusion indimmediate "
            + "indisclustered indisvalid indisready indislive indisreplident indcollation indclass indoption",
            "indexrelid indrelid: made anew; indcheckxmin: how it was built",
            [("indkey", $"regexp_replace(pg_get_indexdef(x.indexrelid), '{IndexName}', '')"), ("indexprs", "''"),
                ("indpred", "''")]),
        new("pg_trigger", "JOIN object r ON r.oid = x.oid AND r.class = 'pg_trigger'::regclass", "r.label",
            "tgparentid tgname tgfoid tgtype tgenabled tgisinternal tgconstrrelid tgconstrindid tgconstraint "
            + "tgdeferrable tginitdeferred tgnargs tgargs tgoldtable tgnewtable",
            "oid: made anew",
            [("tgrelid", "x.tgrelid::regclass::text"), ("tgattr", "pg_get_triggerdef(x.oid)"), ("tgqual", "''")]),
        new("pg_policy", "JOIN object r ON r.oid = x.oid AND r.class = 'pg_policy'::regclass", "r.label",
            "polname polcmd polpermissive polroles", "oid polrelid: made anew",
            [("polqual", "pg_get_expr(x.polqual, x.polrelid)"),
                ("polwithcheck", "pg_get_expr(x.polwithcheck, x.polrelid)")]),
        new("pg_attrdef", "JOIN object r ON r.oid = x.oid AND r.class = 'pg_attrdef'::regclass", "r.label", "",
            "oid adrelid adnum: made anew", [("adbin", "pg_get_expr(x.adbin, x.adrelid)")]),
        new("pg_publication_rel", "JOIN object r ON r.oid = x.oid AND r.class = 'pg_publication_rel'::regclass",
            "r.label",
            "prpubid", "oid prrelid: made anew",
            [("prqual", "pg_get_expr(x.prqual, x.prrelid)"), ("prattrs", "x.prattrs::text")]),
        new("pg_statistic_ext", "JOIN object r ON r.oid = x.oid AND r.class = 'pg_statistic_ext'::regclass", "r.label",
            "stxname stxnamespace stxowner stxkind", "oid stxrelid: made anew",
            [("stxkeys", "pg_get_statisticsobjdef_columns(x.oid)"), ("stxexprs", "''"),
                ("stxstattarget", "coalesce(x.stxstattarget, -1)")]),
        new("pg_description", "JOIN object r ON r.class = x.classoid AND r.oid = x.objoid LEFT JOIN pg_attribute a "
            + "ON x.classoid = 'pg_class'::regclass AND a.attrelid = x.objoid AND a.attnum = x.objsubid AND a.attnum > "
            + "0",
            "concat(r.class, ' ', r.label, ' ', a.attname)", "description", "objoid classoid objsubid: made anew", []),
        new("pg_depend",
            "JOIN object r ON r.class = x.classid AND r.oid = x.objid OR r.class = x.refclassid AND r.oid = x.refobjid",
            """
            regexp_replace(concat(pg_describe_object(x.classid, x.objid, x.objsubid), ' -> ',
                                  pg_describe_object(x.refclassid, x.refobjid, x.refobjsubid)),
                                      '(pg_toast|RI_ConstraintTrigger_[ac])_\d+', '\1', 'g')
            """,
            "deptype", "classid objid objsubid refclassid refobjid refobjsubid: stand in the row's name", []),
    ];

    /// <summary>What the catalogs say of a table.</summary>
    public static async Task<HashSet<CatalogFact>> OfAsync(NpgsqlDataSource source, string table)
    {
        var facts = new HashSet<CatalogFact>();
        foreach (var catalog in All)
        {
            var named = string.Join(", ", catalog.Named.Select(column => $"'{column.Name}', {column.Text}"));
            await using var command = source.CreateCommand(
                $"""
                 {Objects}
                 SELECT DISTINCT {catalog.Row}, j.key, coalesce(j.value::text, '') FROM {catalog.Name} x {catalog.From},
                        LATERAL jsonb_each(to_jsonb(x) - $2 || jsonb_build_object({named})) j
                 """);
            command.Parameters.AddWithValue(table);
            command.Parameters.AddWithValue(catalog.LeftOut);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                facts.Add(new CatalogFact(catalog.Name, reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        return facts;
    }

    /// <summary>Columns of the walked catalogs on this server that nobody has decided about.</summary>
    public static async Task<List<string>> UndecidedAsync(NpgsqlDataSource source)
    {
        var undecided = new List<string>();
        foreach (var catalog in All)
            undecided.AddRange((await source.ColumnAsync<string>(
                    "SELECT attname::text FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0",
                    catalog.Name))
                .Except(catalog.Decided).Select(column => $"{catalog.Name}.{column}"));
        return undecided;
    }

    /// <param name="Name">The catalog.</param>
    /// <param name="From">Which of its rows, x, are about the table.</param>
    /// <param name="Row">What a row is called, so that it is found again.</param>
    /// <param name="Same">Columns that are compared as they are.</param>
    /// <param name="Explained">Columns that are left out, each few followed by why.</param>
    /// <param name="Named">Columns that are compared under names instead of numbers.</param>
    private sealed record Catalog(
        string Name, string From, string Row, string Same, string Explained, (string Name, string Text)[] Named)
    {
        public string[] LeftOut =>
            [.. Explained.Split("; ").SelectMany(part => part.Split(": ")[0].Split(' '))];

        public IEnumerable<string> Decided =>
            Same.Split(' ').Concat(LeftOut).Concat(Named.Select(column => column.Name));
    }
}
