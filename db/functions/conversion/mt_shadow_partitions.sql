-- While a store has two copies of its events: the partitions of the partitioned one, before the switch and after it, in
-- the order of time. See mt_partitions for those of mt_events.
CREATE OR REPLACE FUNCTION /* schema */mt_shadow_partitions()
RETURNS TABLE (leaf regclass, name text, upper_bound timestamptz)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN QUERY
    SELECT p.leaf::regclass, p.name, p.upper_bound
      FROM unnest(ARRAY[/* schema */mt_events_table(), /* schema */mt_other_events()]) w (whole),
           /* schema */mt_partitions_of(w.whole) p
     ORDER BY p.upper_bound;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_shadow_partitions FROM PUBLIC;
