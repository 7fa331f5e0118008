-- The tenant that maintenance and retention of this session are about; null when none has been named. See
-- mt_use_tenant.
CREATE OR REPLACE FUNCTION /* schema */mt_tenant_in_hand() RETURNS text
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN substr(nullif(current_setting('mt_events.tenant', true), ''), 2);
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_tenant_in_hand FROM PUBLIC;
