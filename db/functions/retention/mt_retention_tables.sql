-- The tables in which the events of a run lie: the head (0), then the run's leaves (1, 2 ...). Of a run without leaves:
-- all partitions that begin before its upper bound (0).
CREATE OR REPLACE FUNCTION /* schema */mt_retention_tables(leaves text[], upper_bound timestamptz DEFAULT '-infinity')
RETURNS TABLE (place integer, leaf regclass, name text)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN QUERY
    SELECT coalesce(array_position(leaves, p.name), 0), p.leaf::regclass, p.name FROM /* schema */mt_partitions() p
     WHERE p.kind = 'head' OR p.name = ANY (leaves)
        OR cardinality(leaves) = 0 AND p.lower_bound < mt_retention_tables.upper_bound AND p.kind <> 'other'
     ORDER BY 1, p.lower_bound;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_retention_tables FROM PUBLIC;
