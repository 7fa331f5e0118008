-- Refuses to remove streams (of the batch, or all) whose events somebody has changed at the last moment, while they
-- were being removed: 55P03, to be tried again.
CREATE OR REPLACE FUNCTION /* schema */mt_refuse_changed(batch boolean) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    IF EXISTS (SELECT FROM /* schema */mt_retention_changes c
                 JOIN /* schema */mt_retention_streams x ON x.id = c.id /* conjoined: AND x.tenant_id = c.tenant_id */
                WHERE x.leaf < 0 OR NOT batch) THEN
        RAISE EXCEPTION 'an event that was about to be removed has been changed' USING ERRCODE = 'lock_not_available',
            HINT = 'Its stream lives on: the next attempt knows.';
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_refuse_changed FROM PUBLIC;
