-- The tenants that have partitions of their own, by their names, each with its part of mt_events. None in a store that
-- is not partitioned by tenant. A part that holds several tenants, or is not cut by time, is not one of ours.
CREATE OR REPLACE FUNCTION /* schema */mt_tenants() RETURNS TABLE (tenant text, part regclass)
LANGUAGE plpgsql STABLE SET standard_conforming_strings = on SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN QUERY
    SELECT replace(bound[1], '''''', ''''), c.oid::regclass
      FROM pg_catalog.pg_partitioned_table l
      JOIN pg_catalog.pg_inherits i ON i.inhparent = l.partrelid
      JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relkind = 'p'
      JOIN pg_catalog.pg_partitioned_table r ON r.partrelid = c.oid AND r.partstrat = 'r'
      CROSS JOIN LATERAL regexp_match(pg_get_expr(c.relpartbound, c.oid),
                                      '^FOR VALUES IN \(''((?:[^'']|'''')*)''\)$') AS b (bound)
     WHERE l.partrelid = /* schema */mt_events_table() AND l.partstrat = 'l' AND bound IS NOT NULL
     ORDER BY 1;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_tenants FROM PUBLIC;
