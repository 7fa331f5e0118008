-- While a store has two copies of its events: the partitions of the partitioned one, before the switch and after it, in
-- the order of time. See mt_partitions for those of mt_events.
CREATE OR REPLACE FUNCTION /* schema */mt_shadow_partitions()
RETURNS TABLE (leaf regclass, name text, upper_bound timestamptz)
LANGUAGE plpgsql STABLE SET timezone = 'UTC' SET datestyle = 'ISO' SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN QUERY
    SELECT c.oid::regclass, c.relname::text,
           CASE bound[1] WHEN 'MAXVALUE' THEN 'infinity' ELSE trim('''' FROM bound[1])::timestamptz END AS upper
      FROM pg_catalog.pg_inherits i
      JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
      CROSS JOIN LATERAL regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO [(](.+)[)]') AS b (bound)
     WHERE i.inhparent IN (/* schema */mt_events_table(), /* schema */mt_other_events())
     ORDER BY upper;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_shadow_partitions FROM PUBLIC;
