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
             THEN CASE WHEN pg_catalog.current_setting('mt_guard.next', true) OPERATOR(pg_catalog.=)
                            ((NEW.version OPERATOR(pg_catalog.+) 1) OPERATOR(pg_catalog.||) '='
                             OPERATOR(pg_catalog.||)
                             /* conjoined: pg_catalog.length(NEW.tenant_id) OPERATOR(pg_catalog.||) ':' */
                             /* conjoined: OPERATOR(pg_catalog.||) NEW.tenant_id OPERATOR(pg_catalog.||) */ NEW.id)
                       THEN pg_catalog.set_config('mt_guard.next',
                                (NEW.version OPERATOR(pg_catalog.+) 1) OPERATOR(pg_catalog.||) '!'
                                OPERATOR(pg_catalog.||)
                                /* conjoined: pg_catalog.length(NEW.tenant_id) OPERATOR(pg_catalog.||) ':' */
                                /* conjoined: OPERATOR(pg_catalog.||) NEW.tenant_id OPERATOR(pg_catalog.||) */ NEW.id,
                                true) OPERATOR(pg_catalog.<>) ''
                       WHEN pg_catalog.current_setting('mt_guard.next', true) OPERATOR(pg_catalog.=)
                            pg_catalog.pg_current_xact_id()::pg_catalog.text THEN true END END) THEN
        RETURN NULL;
    END IF;
    PERFORM /* schema */mt_guard_moved(
        OLD.id, NEW.id, OLD.version, NEW.version, OLD.created, NEW.created, OLD.timestamp, NEW.timestamp
        /* conjoined: , OLD.tenant_id, NEW.tenant_id */);
    RETURN NULL;
END
$function$;
REVOKE ALL ON FUNCTION /* schema */mt_guard_stream_update FROM PUBLIC;
