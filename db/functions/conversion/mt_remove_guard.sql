-- Takes the guard down, and what only a partitioned store keeps; not while a legal hold stands.
CREATE OR REPLACE FUNCTION /* schema */mt_remove_guard() RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning SET search_path FROM CURRENT AS $function$
BEGIN
    IF EXISTS (SELECT FROM /* schema */mt_legal_holds h WHERE h.lifted_at IS NULL) THEN
        RAISE EXCEPTION 'a legal hold stands, and a plain store cannot keep what is held'
            USING ERRCODE = 'object_not_in_prerequisite_state', TABLE = 'mt_legal_holds',
                  HINT = 'marten-eventing retention hold list shows it. Lift it, or keep the store partitioned.';
    END IF;
    PERFORM /* schema */mt_drop_guard(/* schema */mt_events_table()), /* schema */mt_drop_guard('mt_streams'::regclass);
    DROP TABLE IF EXISTS /* schema */mt_stream_bounds;
    DROP SEQUENCE IF EXISTS /* schema */mt_partition_epoch;
    DROP SEQUENCE IF EXISTS /* schema */mt_guard_passed;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_remove_guard FROM PUBLIC;
