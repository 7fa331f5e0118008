-- The table whose partitions hold a tenant's events: its part of mt_events, null when it has none yet; mt_events itself
-- in a store that is not partitioned by tenant.
CREATE OR REPLACE FUNCTION /* schema */mt_tenant_table(tenant text) RETURNS regclass
LANGUAGE plpgsql STABLE AS $function$
DECLARE
    root regclass := /* schema */mt_events_table();
    part regclass := to_regclass(format('%I.%I',
        (SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE c.oid = root), /* schema */mt_tenant_name(tenant)));
BEGIN
    IF NOT /* schema */mt_by_tenant() THEN
        RETURN root;
    ELSIF /* schema */mt_holds_tenant(part, tenant) THEN
        RETURN part;
    END IF;
    RETURN (SELECT t.part FROM /* schema */mt_tenants() t WHERE t.tenant = mt_tenant_table.tenant);
END
$function$;
