-- Brings a store that an earlier version set up to what this one sets up: the guard's triggers, append-only on the
-- streams where it is on the events, owners and rights. Changes nothing where nothing is missing.
CREATE OR REPLACE FUNCTION /* schema */mt_settle() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    events regclass := /* schema */mt_events_table();
BEGIN
    PERFORM /* schema */mt_refuse_strangers();
    IF (SELECT c.relkind = 'p' FROM pg_class c WHERE c.oid = events) AND EXISTS (
        SELECT unnest(ARRAY['mt_guard_event', 'mt_guard_stream_insert', 'mt_guard_stream_update',
                            'mt_guard_stream_delete', 'mt_guard_stream_cascade', 'mt_guard_stream_truncate',
                            'mt_guard_commit', 'mt_guard_held_event', 'mt_guard_held_stream', 'mt_guard_held_truncate'])
        EXCEPT
        SELECT t.tgname::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
         WHERE c.oid = events OR c.reltype = pg_typeof(NULL::/* schema */mt_streams)) THEN
        PERFORM /* schema */mt_install_guard();
    END IF;
    IF (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = events AND t.tgname = 'mt_append_only')
       > (SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
           WHERE c.reltype = pg_typeof(NULL::/* schema */mt_streams) AND t.tgname = 'mt_append_only') THEN
        PERFORM /* schema */mt_enforce_append_only();
    END IF;
    PERFORM /* schema */mt_settle_owner();
    PERFORM /* schema */mt_settle_rights();
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_settle FROM PUBLIC;
