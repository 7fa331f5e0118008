-- The partitions of all tenants, tenant by tenant; see mt_partitions. tenant is null in a store that is not
-- partitioned by tenant.
CREATE OR REPLACE FUNCTION /* schema */mt_all_partitions()
RETURNS TABLE (tenant text, leaf oid, name text, kind text, lower_bound timestamptz, upper_bound timestamptz,
               detach_pending boolean, is_sealed boolean, first_seq bigint, last_seq bigint, generation text, seal text)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    IF /* schema */mt_by_tenant() THEN
        RETURN QUERY SELECT t.tenant, p.* FROM /* schema */mt_tenants() t, /* schema */mt_partitions_of(t.part) p;
    ELSE
        RETURN QUERY SELECT NULL::text, p.* FROM /* schema */mt_partitions_of(/* schema */mt_events_table()) p;
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_all_partitions FROM PUBLIC;
