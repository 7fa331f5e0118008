-- In what the copy's table is unlike the plain one: columns, their defaults, CHECKs and indexes made or dropped since
-- it was made.
CREATE OR REPLACE FUNCTION /* schema */mt_shadow_differences() RETURNS SETOF text
LANGUAGE plpgsql STABLE
SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET extra_float_digits = 3
SET bytea_output = 'hex' SET quote_all_identifiers = off SET standard_conforming_strings = on
SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
    RETURN QUERY
    WITH tables AS (
        SELECT t.oid FROM unnest(ARRAY[/* schema */mt_events_table(), /* schema */mt_other_events()]) t (oid)),
    facts AS (
        SELECT a.attrelid AS owner, format('column %I %s %s%s', a.attname, format_type(a.atttypid, a.atttypmod),
                   CASE WHEN a.attnotnull THEN 'not null ' END,
                   CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid)
                        WHEN a.attname <> 'timestamp' THEN 'default ' || pg_get_expr(d.adbin, d.adrelid) END) AS fact
          FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid
          LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT k.conrelid, format('constraint %I %s', k.conname, pg_get_constraintdef(k.oid))
          FROM tables t JOIN pg_constraint k ON k.conrelid = t.oid WHERE k.contype = 'c'
        UNION ALL
        SELECT i.indrelid, format('index %s', CASE WHEN starts_with(c.relname, 'mt_events_shadow_')
                                                   THEN substr(c.relname, 18) ELSE left(md5(c.relname), 8) END)
          FROM tables t JOIN pg_index i ON i.indrelid = t.oid JOIN pg_class c ON c.oid = i.indexrelid
         WHERE NOT i.indisunique AND NOT starts_with(c.relname, 'mt_events_conversion_')
           AND c.relname <> 'mt_events_timestamp_brin'),
    plain AS (SELECT f.fact FROM facts f WHERE f.owner = /* schema */mt_events_table()),
    copy AS (SELECT f.fact FROM facts f WHERE f.owner = /* schema */mt_other_events())
    (SELECT p.fact FROM plain p EXCEPT SELECT c.fact FROM copy c)
    UNION (SELECT c.fact FROM copy c EXCEPT SELECT p.fact FROM plain p) ORDER BY 1;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_shadow_differences FROM PUBLIC;
