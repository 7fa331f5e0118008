-- Ends what an interrupted run has left, of whatever tenant, before another one: what was put in place stays in place,
-- what had not come so far is abandoned.
CREATE OR REPLACE FUNCTION /* schema */mt_finish_retention() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    tenant text := /* schema */mt_tenant_in_hand();
    run    /* schema */mt_retention_run;
BEGIN
    SELECT * INTO run FROM /* schema */mt_retention_run r WHERE r.state NOT IN ('done', 'abandoned');
    IF run.id IS NOT NULL THEN
        PERFORM /* schema */mt_use_tenant(coalesce(run.tenant, tenant), true), /* schema */mt_end_retention(),
                /* schema */mt_use_tenant(tenant, true);
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_finish_retention FROM PUBLIC;
