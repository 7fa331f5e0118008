-- Under cut all of the partition goes, so what was written to it since it was archived must be archived first (MT011).
CREATE OR REPLACE FUNCTION /* schema */mt_refuse_stale(run_id bigint) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
BEGIN
    IF EXISTS (SELECT FROM /* schema */mt_retention_run r WHERE r.id = run_id AND r.cut AND r.archive ? 'name')
       AND EXISTS (SELECT FROM /* schema */mt_retention_changes) THEN
        RAISE EXCEPTION 'the partition has changed since it was archived' USING ERRCODE = 'MT011',
            HINT = 'SELECT mt_catch_up() and archive it again.';
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_refuse_stale FROM PUBLIC;
