-- Sees to it that the current month and months_ahead (0 to 1000) more have partitions, and removes those older than
-- retention_months (null or 0 keeps everything; see drop_old_partitions). Returns what was created and what dropped.
-- In a store that is partitioned by tenant: those of this tenant, which gets its part of mt_events if it has none. In
-- any other the partitions are those of all tenants, whichever is named.
CREATE OR REPLACE FUNCTION /* schema */ensure_event_store_partition(
    tenant text, months_ahead integer DEFAULT 3, retention_months integer DEFAULT 18)
RETURNS TABLE (action text, partition_name text) LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    before text        := coalesce(current_setting('mt_events.tenant', true), '');
    start  timestamptz := /* schema */mt_period_start(now(), 'month');
    last   timestamptz := /* schema */mt_period_add(start, 'month', months_ahead + 1) - interval '1 microsecond';
    period text;
BEGIN
    IF coalesce(tenant, '') = '' OR months_ahead IS NULL OR months_ahead NOT BETWEEN 0 AND 1000 THEN
        RAISE EXCEPTION 'tenant must not be empty, months_ahead must be 0 to 1000, not "%" and %', tenant, months_ahead
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM /* schema */mt_use_tenant(tenant, true);
    IF /* schema */mt_tenant_table(tenant) IS NULL THEN
        PERFORM /* schema */mt_create_tenant(tenant, NULL, 0);
        RETURN QUERY SELECT 'created', p.name FROM /* schema */mt_partitions() p;
    END IF;
    period := /* schema */mt_store_period();
    RETURN QUERY SELECT 'created', c FROM /* schema */mt_cut_tail(
        period, /* schema */mt_period_add(/* schema */mt_period_start(last, period), period, 1)) c;
    RETURN QUERY SELECT 'dropped', d FROM /* schema */drop_old_partitions(retention_months) d;
    PERFORM set_config('mt_events.tenant', before, true);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */ensure_event_store_partition FROM PUBLIC;
