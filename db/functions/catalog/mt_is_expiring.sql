-- Whether it is retention that removes events in this transaction. The setting spares everybody else the look; it
-- proves nothing, since anybody may set it. What does is the run's row, which only the owner can write.
CREATE OR REPLACE FUNCTION /* schema */mt_is_expiring() RETURNS boolean
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    RETURN coalesce(current_setting('mt_append_only.expiring', true) = pg_current_xact_id()::text, false)
       AND EXISTS (SELECT FROM /* schema */mt_retention_run r WHERE r.removing = pg_current_xact_id());
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_is_expiring FROM PUBLIC;
