-- The tenant whose events a run of retention is about: the one in hand; null in a store that is not partitioned by
-- tenant.
CREATE OR REPLACE FUNCTION /* schema */mt_retention_tenant() RETURNS text
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN CASE WHEN /* schema */mt_by_tenant() THEN /* schema */mt_tenant_in_hand() END;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_retention_tenant FROM PUBLIC;
