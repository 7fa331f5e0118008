-- The table that is cut by time: mt_events or, in a store that is partitioned by tenant, the part of the tenant in
-- hand.
CREATE OR REPLACE FUNCTION /* schema */mt_range_table() RETURNS regclass
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
DECLARE
    tenant text := /* schema */mt_tenant_in_hand();
    part   regclass;
BEGIN
    IF NOT /* schema */mt_by_tenant() THEN
        RETURN /* schema */mt_events_table();
    ELSIF tenant IS NULL THEN
        RAISE EXCEPTION 'each tenant has partitions of its own, and none has been named'
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'SELECT mt_use_tenant(''...'') names one.';
    END IF;
    part := /* schema */mt_tenant_table(tenant);
    IF part IS NULL THEN
        RAISE EXCEPTION 'tenant "%" has no partitions', tenant USING ERRCODE = 'undefined_table',
            HINT = 'Its first stream makes them, and so does SELECT ensure_event_store_partition(tenant).';
    END IF;
    RETURN part;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_range_table FROM PUBLIC;
