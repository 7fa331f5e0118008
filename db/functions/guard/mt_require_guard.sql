-- Until the end of the transaction nobody disables triggers of the events (of the tenant in hand), and none is disabled
-- now: 55000 otherwise. Who has disabled them and not committed yet is waited for.
CREATE OR REPLACE FUNCTION /* schema */mt_require_guard() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    found text;
BEGIN
    EXECUTE format('LOCK TABLE %s IN ROW EXCLUSIVE MODE', /* schema */mt_range_table());
    SELECT f.fault INTO found FROM /* schema */mt_guard_faults() f LIMIT 1;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION 'nothing is removed: %', found USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'Rows may have come in that nobody was told of: marten-eventing db check --repair.';
    END IF;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_require_guard FROM PUBLIC;
