-- Gives a tenant its part of mt_events, with head, the current period (that of the other tenants unless one is given),
-- periods_ahead more, and tail. Nothing happens when it has one. One new tenant at a time: until the transaction ends,
-- others that make one wait, and nobody else does.
CREATE OR REPLACE FUNCTION /* schema */mt_create_tenant(
    tenant text, period text DEFAULT NULL, periods_ahead integer DEFAULT 3)
RETURNS regclass LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
DECLARE
    before  text     := coalesce(current_setting('mt_events.tenant', true), '');
    root    regclass := /* schema */mt_events_table();
    part    regclass;
    start   timestamptz;
    horizon timestamptz;
BEGIN
    PERFORM set_config('mt_events.tenant', '', true);
    EXECUTE format('LOCK TABLE ONLY %s IN SHARE UPDATE EXCLUSIVE MODE', root);
    part := /* schema */mt_tenant_table(tenant);
    IF part IS NULL THEN
        period := coalesce(period, /* schema */mt_period_of_tenants());
        start := /* schema */mt_period_start(now(), period);
        horizon := /* schema */mt_period_add(start, period, periods_ahead + 1);
        part := /* schema */mt_create_part(root, tenant);
        PERFORM /* schema */mt_add_statement_trigger(part);
        EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES IN (%L)', root, part, tenant);
        PERFORM /* schema */mt_use_tenant(tenant, true);
        PERFORM /* schema */mt_attach_leaf(
                    /* schema */mt_create_leaf(/* schema */mt_leaf_prefix() || 'head', true), '-infinity', start),
                /* schema */mt_attach_leaf(
                    /* schema */mt_create_leaf(/* schema */mt_leaf_prefix() || 'tail', true), horizon, 'infinity');
        PERFORM /* schema */mt_attach_periods(start, horizon, period);
    END IF;
    PERFORM set_config('mt_events.tenant', before, true);
    RETURN part;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_create_tenant FROM PUBLIC;
