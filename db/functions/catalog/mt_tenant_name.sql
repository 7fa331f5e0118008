-- The name of the table with a tenant's events: short enough for the names of its partitions and their indexes, made
-- of the tenant so that it is found without a search. Two tenants of one name are told apart by the catalogs; the
-- second one then gets the next.
CREATE OR REPLACE FUNCTION /* schema */mt_tenant_name(tenant text, attempt integer DEFAULT 0) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN 'mt_events_t' || left(md5(CASE attempt WHEN 0 THEN '' ELSE attempt || ':' END || tenant), 7);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_tenant_name FROM PUBLIC;
