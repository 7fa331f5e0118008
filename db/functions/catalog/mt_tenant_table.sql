-- The table whose partitions hold a tenant's events: its part of mt_events, null when it has none yet; mt_events itself
-- in a store that is not partitioned by tenant. A part that has not the name we would give it is found by its bound.
CREATE OR REPLACE FUNCTION /* schema */mt_tenant_table(tenant text) RETURNS regclass
LANGUAGE plpgsql STABLE SET standard_conforming_strings = on SET search_path FROM CURRENT AS $function$
DECLARE
    root regclass := /* schema */mt_events_table();
    part regclass;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_partitioned_table p WHERE p.partrelid = root AND p.partstrat = 'l') THEN
        RETURN root;
    END IF;
    part := to_regclass(format('%s.%I', (SELECT c.relnamespace::regnamespace FROM pg_catalog.pg_class c
                                          WHERE c.oid = root), /* schema */mt_tenant_name(tenant)));
    IF /* schema */mt_holds_tenant(part, tenant) THEN
        RETURN part;
    END IF;
    RETURN (SELECT c.oid::regclass FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
             WHERE i.inhparent = root AND c.relkind = 'p'
               AND pg_get_expr(c.relpartbound, c.oid)
                   = 'FOR VALUES IN (''' || replace(tenant, '''', '''''') || ''')');
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_tenant_table FROM PUBLIC;
