-- The partitions of mt_events or, in a store that is partitioned by tenant, of the tenant in hand, in the order of
-- time: see mt_partitions_of.
CREATE OR REPLACE FUNCTION /* schema */mt_partitions()
RETURNS TABLE (leaf oid, name text, kind text, lower_bound timestamptz, upper_bound timestamptz, detach_pending boolean,
               is_sealed boolean, first_seq bigint, last_seq bigint, generation text, seal text)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN QUERY SELECT p.* FROM /* schema */mt_partitions_of(/* schema */mt_range_table()) p;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_partitions FROM PUBLIC;
