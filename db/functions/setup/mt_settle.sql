-- Brings a store that an earlier version set up to what this one sets up: the guard's triggers, append-only on the
-- streams where it is on the events, owners and rights. Changes nothing where nothing is missing.
CREATE OR REPLACE FUNCTION /* schema */mt_settle() RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
DECLARE
    events regclass := /* schema */mt_events_table();
BEGIN
    PERFORM /* schema */mt_refuse_strangers();
    IF (SELECT c.relkind = 'p' FROM pg_class c WHERE c.oid = events) THEN
        IF NOT EXISTS (SELECT FROM pg_class q JOIN pg_class c ON c.oid = events AND c.relnamespace = q.relnamespace
                        WHERE q.relname = 'mt_guard_passed') THEN
            PERFORM /* schema */mt_create_bookkeeping();
        END IF;
        PERFORM /* schema */mt_settle_triggers();
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
