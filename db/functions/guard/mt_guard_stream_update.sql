-- A version that moves behind its events (Marten's Quick mode) settles them; one that moves ahead (Rich) announces
-- them. What would make mt_streams tell less than the events do is refused (version, id) or remembered (created,
-- timestamp). A stream whose row does not tell of the present is not settled here: mt_guard_commit sees to it.
-- What Marten's appends come to is decided with all names in full, as in mt_guard_event; mt_guard_moved does the rest.
CREATE OR REPLACE FUNCTION /* schema */mt_guard_stream_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $function$
BEGIN
    IF (CASE WHEN NEW.timestamp OPERATOR(pg_catalog.>=)
                      greatest(OLD.timestamp, pg_catalog.now() OPERATOR(pg_catalog.-) interval '5 minutes')
                  AND NEW.created OPERATOR(pg_catalog.<=)
                      least(OLD.created, pg_catalog.now() OPERATOR(pg_catalog.+) interval '5 minutes')
                  AND NEW.version OPERATOR(pg_catalog.>=) OLD.version
                  AND NEW.id OPERATOR(pg_catalog.=) OLD.id
                  /* conjoined: AND NEW.tenant_id OPERATOR(pg_catalog.=) OLD.tenant_id */
             THEN /* schema */mt_guard_catch_up(/* conjoined: NEW.tenant_id, */ NEW.id, NEW.version) END) THEN
        RETURN NULL;
    END IF;
    PERFORM /* schema */mt_guard_moved(
        OLD.id, NEW.id, OLD.version, NEW.version, OLD.created, NEW.created, OLD.timestamp, NEW.timestamp
        /* conjoined: , OLD.tenant_id, NEW.tenant_id */);
    RETURN NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_stream_update FROM PUBLIC;
