-- From now on, or no longer, what this transaction removes is what the run under way lets go: see mt_is_expiring.
CREATE OR REPLACE FUNCTION /* schema */mt_set_expiring(expiring boolean) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    PERFORM set_config('mt_append_only.expiring', CASE WHEN expiring THEN pg_current_xact_id()::text ELSE '' END, true);
    IF expiring THEN
        UPDATE /* schema */mt_retention_run r SET removing = pg_current_xact_id()
         WHERE r.state NOT IN ('done', 'abandoned') AND r.removing IS DISTINCT FROM pg_current_xact_id();
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_set_expiring FROM PUBLIC;
