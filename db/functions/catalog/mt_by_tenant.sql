-- Whether each tenant has partitions of its own: mt_events is cut by LIST (tenant_id), and each of its parts by time.
CREATE OR REPLACE FUNCTION /* schema */mt_by_tenant() RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN EXISTS (SELECT FROM pg_catalog.pg_partitioned_table p
                    WHERE p.partrelid = /* schema */mt_events_table() AND p.partstrat = 'l');
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_by_tenant FROM PUBLIC;
