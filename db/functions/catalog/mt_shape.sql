-- What a table's rows may be, as a text to compare: its columns by name with type, collation, NOT NULL, default and
-- what generates them, and its CHECKs (but for ours). What was made like mt_events, or for it, and is to become part of
-- it later, is out of date once this text differs.
CREATE OR REPLACE FUNCTION /* schema */mt_shape(source regclass) RETURNS text
LANGUAGE plpgsql STABLE
SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET extra_float_digits = 3
SET bytea_output = 'hex' SET quote_all_identifiers = off SET standard_conforming_strings = on
SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN (SELECT string_agg(f.fact, ', ' ORDER BY f.fact COLLATE "C") FROM (
        SELECT format('%I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
                      CASE WHEN a.attcollation <> 0 THEN ' collate ' || a.attcollation END,
                      CASE WHEN a.attnotnull THEN ' not null' END,
                      CASE a.attgenerated WHEN '' THEN ' default ' ELSE ' generated ' END
                          || pg_get_expr(d.adbin, d.adrelid))
          FROM pg_catalog.pg_attribute a
          LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE a.attrelid = source AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT format('%I %s', k.conname, replace(pg_get_constraintdef(k.oid), ' NOT VALID', ''))
          FROM pg_catalog.pg_constraint k
         WHERE k.conrelid = source AND k.contype = 'c'
           AND k.conname NOT IN ('mt_vouched', 'mt_sealed', 'mt_restoring')) f (fact));
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_shape FROM PUBLIC;
