-- A new stream that already carries a version (Marten's Rich mode): its events are about to come, and none can be
-- there yet. All names are given in full, as in mt_guard_event.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_stream_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $function$
BEGIN
    IF NEW.version OPERATOR(pg_catalog.>) 0 THEN
        PERFORM /* schema */mt_guard_announce(
            /* conjoined: NEW.tenant_id, */ NEW.id, 0, NEW.version, NEW.created, NEW.timestamp);
    END IF;
    RETURN NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_stream_insert FROM PUBLIC;
