-- The extended statistics of a table, and what tells that others are of the same kind.
CREATE OR REPLACE FUNCTION /* schema */mt_statistics_of(owner regclass)
RETURNS TABLE (id oid, area text, name text, shape text)
LANGUAGE plpgsql STABLE
SET timezone = 'UTC' SET datestyle = 'ISO' SET intervalstyle = 'postgres' SET extra_float_digits = 3
SET bytea_output = 'hex' SET quote_all_identifiers = off SET standard_conforming_strings = on
SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN QUERY
    SELECT x.oid, n.nspname::text, x.stxname::text,
           concat(' (' || (SELECT string_agg(CASE k WHEN 'd' THEN 'ndistinct' WHEN 'f' THEN 'dependencies' ELSE 'mcv'
                                             END, ', ' ORDER BY k) FROM unnest(x.stxkind) k WHERE k <> 'e') || ')',
                  ' ON ', pg_get_statisticsobjdef_columns(x.oid))
      FROM pg_catalog.pg_statistic_ext x JOIN pg_catalog.pg_namespace n ON n.oid = x.stxnamespace
     WHERE x.stxrelid = owner ORDER BY x.oid;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_statistics_of FROM PUBLIC;
