-- How many tenants may get partitions by their first stream (1,000 when nothing was said). Those that there are stay,
-- and ensure_event_store_partition makes more of them, whatever the limit.
CREATE OR REPLACE FUNCTION /* schema */mt_limit_tenants(most integer) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    INSERT INTO /* schema */mt_tenant_limit AS l (most) VALUES (mt_limit_tenants.most)
        ON CONFLICT (one) DO UPDATE SET most = excluded.most;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_limit_tenants FROM PUBLIC;
