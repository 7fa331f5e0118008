-- Names the tenant that the functions of maintenance and retention are about from now on, in this session or, with
-- for_transaction, this transaction; null for none. Where the store is not partitioned by tenant it means nothing.
CREATE OR REPLACE FUNCTION /* schema */mt_use_tenant(tenant text, for_transaction boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    PERFORM set_config('mt_events.tenant', coalesce('=' || tenant, ''), for_transaction);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_use_tenant FROM PUBLIC;
