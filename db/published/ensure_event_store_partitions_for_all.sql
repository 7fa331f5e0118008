-- ensure_event_store_partition for all tenants. In a store that is partitioned by tenant a call does so for at most
-- 50 with something to do, because it keeps its locks until it ends: call it until it returns nothing.
CREATE OR REPLACE FUNCTION /* schema */ensure_event_store_partitions_for_all(
    months_ahead integer DEFAULT 3, retention_months integer DEFAULT 18)
RETURNS TABLE (action text, partition_name text) LANGUAGE plpgsql
SET timezone = 'UTC' SET datestyle = 'ISO' SET search_path FROM CURRENT AS $function$
DECLARE
    max_tenants constant integer := 50;
    horizon timestamptz := now() + make_interval(months => months_ahead);
    floor   timestamptz := now() - make_interval(months => nullif(retention_months, 0));
    item    record;
    busy    integer := 0;
BEGIN
    IF NOT /* schema */mt_by_tenant() THEN
        RETURN QUERY
        SELECT * FROM /* schema */ensure_event_store_partition('*DEFAULT*', months_ahead, retention_months);
    END IF;
    FOR item IN SELECT t.tenant FROM /* schema */mt_tenants() t
                 WHERE t.tenant <> '' AND EXISTS (
                       SELECT FROM /* schema */mt_partitions_of(t.part) p
                        WHERE p.kind = 'tail' AND p.lower_bound <= horizon
                           OR p.kind NOT IN ('head', 'other') AND p.upper_bound <= floor) LOOP
        RETURN QUERY SELECT * FROM /* schema */ensure_event_store_partition(
            item.tenant, months_ahead, retention_months);
        busy := busy + CASE WHEN FOUND THEN 1 ELSE 0 END;
        EXIT WHEN busy >= max_tenants;
    END LOOP;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */ensure_event_store_partitions_for_all FROM PUBLIC;
