-- The definition of an index without its name and its table's: what an index and its like on another table share.
CREATE OR REPLACE FUNCTION /* schema */mt_index_shape(index regclass) RETURNS text
LANGUAGE plpgsql STABLE
SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET extra_float_digits = 3
SET bytea_output = 'hex' SET quote_all_identifiers = off SET standard_conforming_strings = on
SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN (SELECT CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END
                || substr(pg_get_indexdef(c.oid), 1 + length(format('CREATE %sINDEX %I ON %s%I.%I ',
                       CASE WHEN i.indisunique THEN 'UNIQUE ' END, c.relname,
                       CASE c.relkind WHEN 'I' THEN 'ONLY ' END, n.nspname, t.relname)))
              FROM pg_catalog.pg_index i
              JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
              JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
             WHERE i.indexrelid = index);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_index_shape FROM PUBLIC;
